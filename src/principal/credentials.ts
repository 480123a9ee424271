import { memoize } from '@smithy/core/config';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { PrincipalConfig } from '../config/index.ts';
import { callerTag, sessionNameOf } from './caller-session.ts';
import { remedy, stalled } from './credentials-advice.ts';
import { bareCause, CredentialsError, describeFailure } from './failure.ts';
import { loadInTime, StillLoading } from './load-in-time.ts';
import { clientLocation, type LocationSettings } from './shared-config.ts';
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

type Source = () => Promise<AwsCredentialIdentity>;

function credentialSource(principal: PrincipalConfig, sts: LocationSettings, callerName: string | undefined): Source {
  const { credentials } = principal;
  switch (credentials.type) {
    case 'default':
      return made(async () => (await providers()).fromNodeProviderChain());
    case 'profile':
      return made(async () => (await providers()).fromIni({ profile: credentials.profile }));
    case 'static': {
      const { accessKeyId, secretAccessKey, sessionToken } = credentials;
      const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
      return async () => keys;
    }
    case 'assumeRole': {
      const { roleArn, externalId, sessionName, profile } = credentials;
      return made(async () => {
        const { fromIni, fromNodeProviderChain, fromTemporaryCredentials } = await providers();
        return fromTemporaryCredentials({
          masterCredentials: profile === undefined ? fromNodeProviderChain() : fromIni({ profile }),
          params: {
            RoleArn: roleArn,
            RoleSessionName: callerName === undefined ? (sessionName ?? 'orgql') : sessionNameOf(callerName),
            ...(callerName !== undefined && { Tags: [callerTag(callerName)] }),
            ...(externalId === undefined ? {} : { ExternalId: externalId }),
          },
          clientConfig: { ...(await clientLocation('STS', sts)), requestHandler: stsConnection },
        });
      });
    }
  }
}

/** The SDK's providers are loaded when they are first asked: who has fixed keys needs none of them. */
const providers = () => import('@aws-sdk/credential-providers');

/** A provider that is made when it is first asked. */
function made(make: () => Promise<Source>): Source {
  let source: Source | undefined;
  return async () => {
    source ??= await make();
    return source();
  };
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
