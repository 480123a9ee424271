import { createHash } from 'node:crypto';
import { memoize } from '@smithy/core/config';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { PrincipalConfig } from '../config/index.ts';
import { bareCause, CredentialsError, describeFailure } from './failure.ts';
import { remedy, stalled } from './missing-credentials.ts';
import { clientLocation, type LocationSettings, stsConnection } from './shared-config.ts';

/** Temporary credentials are renewed this long before they end, in ms; the SDK's own providers do the same. */
const renewBeforeMs = 5 * 60_000;
/** Limit for loading credentials, in ms: shorter than for a call, so that the error names the credentials. */
const longestLoadMs = 8_000;
/** The same while the present credentials still work, in ms. */
const longestRenewalMs = 1_000;

/**
 * Creates the principal's memoized credentials provider, which refreshes shortly before expiry. It rejects only with a
 * `CredentialsError`.
 * @param sts Location of AssumeRole.
 * @param callerName Caller after whom the session is named.
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
      // The present credentials work until they expire, so a failed early renewal is no failure yet.
      if (usable !== undefined) return usable;
      const message = error instanceof StillLoading ? stalled(principal, error.sinceMs) : await remedy(principal);
      throw new CredentialsError(message, { cause: bareCause(error), retryable: isTransient(error) });
    }
  };
  return memoize(
    renewed,
    (credentials) => expiresIn(credentials) < renewBeforeMs,
    (credentials) => credentials.expiration !== undefined,
  );
}

/** The account that a principal's settings name, without a call. */
export function knownAccountId({ accountId, credentials }: PrincipalConfig): string | undefined {
  if (accountId !== undefined) return accountId;
  if (credentials.type === 'assumeRole') return credentials.roleArn.split(':')[4];
  // By a convention of emulators, an access key id of twelve digits is the account; AWS's own ids never have this form.
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

/** Loads the SDK's providers on first use, as fixed keys need none of them. */
const providers = () => import('@aws-sdk/credential-providers');

/** A provider that is created on first use. */
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

/** Errors of the SDK's providers when they have nothing to load: a setting is missing, or a sign-in has expired. */
function isProviderError(error: unknown): boolean {
  return error instanceof Error && /^(Credentials|Token)?ProviderError$/.test(error.name);
}

/**
 * Maximum length of a session's name and of a tag's value:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const LONGEST_NAME = 64;
const LONGEST_VALUE = 256;

/**
 * Converts a caller's name to the name of an AssumeRole session, which has 2 to 64 characters of [A-Za-z0-9_+=,.@-]. A
 * name that does not fit ends with a part of its hash, so that two callers never share a session's name.
 */
export function sessionNameOf(callerName: string): string {
  const fitting = callerName.replace(/[^\w+=,.@-]/g, '-').slice(0, LONGEST_NAME);
  if (fitting === callerName && fitting.length >= 2) return fitting;
  const hash = createHash('sha256').update(callerName).digest('hex').slice(0, 12);
  return `${fitting.slice(0, LONGEST_NAME - hash.length - 1)}-${hash}`;
}

/**
 * The session tag with the caller's name, for CloudTrail and policies (aws:PrincipalTag). Values have letters, digits,
 * spaces and _.:/=+@-
 */
export function callerTag(callerName: string): { readonly Key: string; readonly Value: string } {
  return {
    Key: 'orgql:caller',
    Value: callerName.replace(/[^\p{L}\p{N}\p{Zs}_.:/=+@-]/gu, '-').slice(0, LONGEST_VALUE),
  };
}

/** Loading has exceeded its limit, and continues in the background. */
export class StillLoading extends Error {
  /** Time since the load began, in ms. */
  readonly sinceMs: number;

  constructor(sinceMs: number) {
    super('still loading');
    this.name = 'StillLoading';
    this.sinceMs = sinceMs;
  }
}

/** A load that takes longer is abandoned, in ms; the next caller starts another. */
const giveUpMs = 60_000;

/**
 * Shares one load among concurrent callers. After `longestMs` it rejects with `StillLoading`, for later callers at
 * once. A late result (such as that of a sign-in in a browser) is kept for the next caller.
 */
export function loadInTime<T>(load: () => Promise<T>): (longestMs: number) => Promise<T> {
  let loading: Loading<T> | undefined;

  const begin = (): Loading<T> => {
    const begun: Loading<T> = { begunAt: performance.now(), result: load(), late: false, ended: false };
    begun.result.then(
      () => {
        begun.ended = true;
        if (loading === begun && !begun.late) loading = undefined;
      },
      () => {
        if (loading === begun) loading = undefined;
      },
    );
    return begun;
  };

  return (longestMs) => {
    if (loading?.ended) {
      const { result } = loading;
      loading = undefined;
      return result;
    }
    if (loading === undefined || performance.now() - loading.begunAt >= giveUpMs) loading = begin();
    const under = loading;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        under.late = true;
        reject(new StillLoading(performance.now() - under.begunAt));
      };
      const timer = setTimeout(giveUp, under.begunAt + longestMs - performance.now());
      under.result.finally(() => clearTimeout(timer)).then(resolve, reject);
    });
  };
}

interface Loading<T> {
  readonly begunAt: number;
  readonly result: Promise<T>;
  /** Whether a caller was rejected. If so, the result is kept for the next caller. */
  late: boolean;
  ended: boolean;
}
