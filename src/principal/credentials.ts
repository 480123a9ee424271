import { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { memoize } from '@smithy/core/config';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { PrincipalConfig } from '../config.ts';
import { callerTag, sessionNameOf } from './caller-session.ts';
import { remedy, stalled } from './credentials-advice.ts';
import { bareCause, CredentialsError, describeFailure } from './failure.ts';
import { loadInTime, StillLoading } from './load-in-time.ts';
import { type ClientLocation, clientLocation, type LocationSettings } from './shared-config.ts';
import { stsConnection } from './sts-connection.ts';

/** Temporary credentials are renewed this long before they end, in ms; the SDK's own providers do the same. */
const renewBeforeMs = 5 * 60_000;
/** Nobody waits longer for credentials, in ms: less than for a call, so that whoever waits learns what it was that stalled. */
const longestLoadMs = 8_000;
/** The same while there are credentials that still work, in ms. */
const longestRenewalMs = 1_000;

/**
 * The principal's credentials provider: asked once, again shortly before its credentials expire,
 * and by any number of clients at a time. It rejects with a `CredentialsError` and nothing else.
 * `sts` is where AssumeRole is called, for a principal that assumes a role; `callerName` is whom that session is named after.
 */
export function createCredentials(
  principal: PrincipalConfig,
  sts: LocationSettings,
  callerName?: string,
): AwsCredentialIdentityProvider {
  const load = loadInTime(credentialSource(principal, sts, callerName));
  let last: AwsCredentialIdentity | undefined;
  const renewed = async (): Promise<AwsCredentialIdentity> => {
    const usable = last !== undefined && expiresIn(last) > 0 ? last : undefined;
    try {
      last = await load(usable === undefined ? longestLoadMs : longestRenewalMs);
      return last;
    } catch (error) {
      // What is at hand works until its last moment: a failed renewal minutes before it is no failure yet.
      if (usable !== undefined) return usable;
      const message = error instanceof StillLoading ? stalled(principal, error) : await remedy(principal);
      throw new CredentialsError(message, { cause: bareCause(error), retryable: isTransient(error) });
    }
  };
  return memoize(
    renewed,
    (credentials) => expiresIn(credentials) < renewBeforeMs,
    (credentials) => credentials.expiration !== undefined,
  );
}

/** The account that a principal's settings give away without asking anybody. */
export function knownAccountId({ accountId, credentials }: PrincipalConfig): string | undefined {
  if (accountId !== undefined) return accountId;
  if (credentials.type === 'assumeRole') return credentials.roleArn.split(':')[4];
  // Emulators' convention, and no form that AWS gives its own access key ids: twelve digits are the account.
  if (credentials.type === 'static' && /^\d{12}$/.test(credentials.accessKeyId)) return credentials.accessKeyId;
  return undefined;
}

function credentialSource(
  principal: PrincipalConfig,
  sts: LocationSettings,
  callerName: string | undefined,
): () => Promise<AwsCredentialIdentity> {
  const { credentials } = principal;
  switch (credentials.type) {
    case 'default':
      return fromNodeProviderChain();
    case 'profile':
      return fromIni({ profile: credentials.profile });
    case 'static': {
      const { accessKeyId, secretAccessKey, sessionToken } = credentials;
      const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
      return async () => keys;
    }
    case 'assumeRole': {
      const { roleArn, externalId, sessionName, profile } = credentials;
      const assume = (clientConfig: ClientLocation) =>
        fromTemporaryCredentials({
          masterCredentials: profile === undefined ? fromNodeProviderChain() : fromIni({ profile }),
          params: {
            RoleArn: roleArn,
            RoleSessionName: callerName === undefined ? (sessionName ?? 'orgql') : sessionNameOf(callerName),
            ...(callerName !== undefined && { Tags: [callerTag(callerName)] }),
            ...(externalId === undefined ? {} : { ExternalId: externalId }),
          },
          clientConfig: { ...clientConfig, requestHandler: stsConnection },
        });
      let provider: ReturnType<typeof assume> | undefined;
      return async () => {
        provider ??= assume(await clientLocation('STS', sts));
        return provider();
      };
    }
  }
}

function expiresIn({ expiration }: AwsCredentialIdentity): number {
  return expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - Date.now();
}

function isTransient(error: unknown): boolean {
  if (error instanceof StillLoading) return true;
  return (
    ['throttled', 'unsent', 'broken', 'server', 'proxy'].includes(describeFailure(error).kind) &&
    !isProviderError(error)
  );
}

/** The SDK's providers raise these when there is nothing to load: a setting is missing, or a sign-in has expired. */
function isProviderError(error: unknown): boolean {
  return error instanceof Error && /^(Credentials|Token)?ProviderError$/.test(error.name);
}
