import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { PrincipalConfig } from '../config/index.ts';
import { bareCause, describeFailure } from './failure.ts';
import { type ClientLocation, clientLocation, type LocationSettings, stsConnection } from './shared-config.ts';
import { UpstreamError } from './upstream-error.ts';

const operation = 'GetCallerIdentity';

export interface AccountIdSource {
  readonly principalName: string;
  readonly known: string | undefined;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly sts: LocationSettings;
  readonly organizations: LocationSettings;
}

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
}

/** Whose the credentials are: as the configuration or they themselves say, or else STS. */
export function createAccountId(
  { known, credentials }: AccountIdSource,
  askSts: () => Promise<CallerIdentity>,
): () => Promise<string> {
  if (known !== undefined) return async () => known;
  return async () => {
    // Credentials that cannot be had are STS's to explain.
    const { accountId } = await credentials().catch(() => ({ accountId: undefined }));
    return accountId ?? (await askSts()).accountId;
  };
}

/**
 * STS GetCallerIdentity needs no permission (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html)
 * and is asked once while it succeeds.
 */
export function createAskSts(source: AccountIdSource): () => Promise<CallerIdentity> {
  const { principalName, credentials } = source;
  let asked: Promise<CallerIdentity> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw mapped(error);
    });
    return asked;
  };

  async function ask(): Promise<CallerIdentity> {
    await credentials();
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
    // One question in a principal's life: a client of its own, gone with its connections afterwards.
    const client = new STSClient({
      ...(await stsLocation(source)),
      credentials,
      requestHandler: stsConnection,
    });
    try {
      const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
      if (Account === undefined || !/^\d{12}$/.test(Account)) throw new SyntaxError('no account in the answer');
      if (Arn === undefined) throw new SyntaxError('no ARN in the answer');
      return { accountId: Account, arn: Arn };
    } finally {
      client.destroy();
    }
  }

  function mapped(error: unknown): UpstreamError {
    const { kind, name, message, requestId } = describeFailure(error);
    const details = { operation, requestId, cause: bareCause(error) };
    switch (kind) {
      case 'credentials':
        return new UpstreamError(
          message ?? `AWS refused the credentials of principal "${principalName}" (${name}). Renew them.`,
          { ...details, code: 'UPSTREAM_CREDENTIALS', retryable: false },
        );
      case 'refused':
      case 'busy':
      case 'throttled':
        return new UpstreamError(message ?? `AWS STS answered ${operation} with ${name}.`, {
          ...details,
          code: name,
          retryable: kind !== 'refused',
        });
      case 'cut':
      case 'garbled':
        return new UpstreamError(
          `What answered ${operation} is not AWS STS. Check the principal's stsEndpoint, or AWS_ENDPOINT_URL_STS.`,
          { ...details, code: 'UPSTREAM_BAD_RESPONSE', retryable: true },
        );
      default:
        return new UpstreamError(
          `AWS STS, which says whose the credentials of principal "${principalName}" are, could not be asked (${name}). ` +
            "Check the network and the principal's stsEndpoint, or give its accountId in the configuration.",
          { ...details, code: 'UPSTREAM_UNAVAILABLE', retryable: true },
        );
    }
  }
}

/**
 * Where STS is asked. Keys for an emulator of AWS Organizations are that emulator's, and not shown to AWS: where only the endpoint
 * of Organizations is set, and it is none of AWS's own, STS is asked there too, as emulators have both on one port.
 */
async function stsLocation({ sts, organizations }: AccountIdSource): Promise<ClientLocation> {
  const location = await clientLocation('STS', sts);
  const environment = process.env['AWS_ENDPOINT_URL_STS'] || process.env['AWS_ENDPOINT_URL'];
  if (location.endpoint !== undefined || (environment && !location.ignoreConfiguredEndpointUrls)) return location;
  const ignored =
    process.env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true' || location.ignoreConfiguredEndpointUrls;
  const fromEnvironment = ignored ? undefined : process.env['AWS_ENDPOINT_URL_ORGANIZATIONS'];
  const endpoint = (await clientLocation('Organizations', organizations)).endpoint ?? fromEnvironment;
  return endpoint === undefined || endpoint === '' || isAws(endpoint) ? location : { ...location, endpoint };
}

const isAws = (endpoint: string): boolean => /\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(new URL(endpoint).hostname);

/** A principal's `identity`: from its configuration where that names it, else from STS. */
export function createIdentity(
  from: PrincipalConfig['credentials'],
  askSts: () => Promise<CallerIdentity>,
): () => Promise<string> {
  switch (from.type) {
    case 'assumeRole':
      return async () => from.roleArn;
    case 'static':
      return async () => from.accessKeyId;
    case 'default':
    case 'profile':
      return async () => withoutSession((await askSts()).arn);
  }
}

/** `arn:aws:sts::111111111111:assumed-role/<role>/<session>`: each process has a session of its own. */
const withoutSession = (arn: string): string => arn.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
