import type { AwsCredentialIdentityProvider } from '@smithy/types';

/** A named set of AWS credentials: as whom AWS is called. Nothing is ever shared between two principals. */
export interface Principal {
  /** The name that a caller uses to choose it. */
  readonly name: string;
  readonly region: string;
  /** Endpoint of AWS Organizations, when it is not AWS's own. */
  readonly endpoint: string | undefined;
  /** Memoized by its maker, and refreshed before expiry. Never logged. */
  readonly credentials: AwsCredentialIdentityProvider;
  /** The account in the configuration, if it is given there. */
  readonly configuredAccountId: string | undefined;
  /**
   * The 12-digit account that the credentials belong to: the configured one, the one the credentials carry,
   * or what STS GetCallerIdentity says (asked at most once while it succeeds).
   * Rejects with an `UpstreamError`-like Error when STS cannot be asked.
   */
  accountId(): Promise<string>;
}
