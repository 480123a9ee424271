import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { PrincipalConfig } from '../config/index.ts';
import { bareCause, describeFailure } from './failure.ts';
import type { Principal } from './principal.ts';
import { type ClientLocation, clientLocation, type LocationSettings, stsConnection } from './shared-config.ts';
import { UpstreamError } from './upstream-error.ts';

const operation = 'GetCallerIdentity';

export interface IdentitySource {
  readonly principalName: string;
  /** The account from the settings, if they have it. */
  readonly known: string | undefined;
  readonly from: PrincipalConfig['credentials'];
  readonly credentials: AwsCredentialIdentityProvider;
  readonly sts: LocationSettings;
  readonly organizations: LocationSettings;
}

interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
}

/** The identity of the credentials: from the configuration, from the credentials themselves, or from STS. */
export function createIdentity(source: IdentitySource): Pick<Principal, 'accountId' | 'identity'> {
  const { known, from, credentials } = source;
  const askSts = createAskSts(source);
  return {
    async accountId() {
      if (known !== undefined) return known;
      // STS explains why credentials cannot be loaded.
      const { accountId } = await credentials().catch(() => ({ accountId: undefined }));
      return accountId ?? (await askSts()).accountId;
    },
    async identity() {
      if (from.type === 'assumeRole') return from.roleArn;
      if (from.type === 'static') return from.accessKeyId;
      // `arn:aws:sts::111111111111:assumed-role/<role>/<session>`: each process has a session of its own.
      return (await askSts()).arn.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
    },
  };
}

/**
 * STS GetCallerIdentity needs no permission
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). A successful reply is kept.
 */
function createAskSts(source: IdentitySource): () => Promise<CallerIdentity> {
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
    // A principal needs one call in its life, so the client and its connections are closed afterwards.
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
          `The reply to ${operation} is not from AWS STS. Check the principal's stsEndpoint, or AWS_ENDPOINT_URL_STS.`,
          { ...details, code: 'UPSTREAM_BAD_RESPONSE', retryable: true },
        );
      default:
        return new UpstreamError(
          `The account of principal "${principalName}" is unknown, as the call to AWS STS failed (${name}). ` +
            "Check the network and the principal's stsEndpoint, or give its accountId in the configuration.",
          { ...details, code: 'UPSTREAM_UNAVAILABLE', retryable: true },
        );
    }
  }
}

/**
 * The endpoint of STS. If only the endpoint of Organizations is set, and is not AWS's own, it is used for STS, too:
 * emulators have both on one port, and an emulator's keys must not be sent to AWS.
 */
async function stsLocation({ sts, organizations }: IdentitySource): Promise<ClientLocation> {
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
