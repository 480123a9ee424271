import type { AwsCredentialIdentityProvider } from '@smithy/types';

/** A named set of AWS credentials. Principals share no data. */
export interface Principal {
  readonly name: string;
  /** The region of the configuration or the environment. Without one, the profile's is used, else us-east-1. */
  readonly region: string | undefined;
  /** The profile in the shared AWS files whose settings apply. If undefined, AWS_PROFILE decides. */
  readonly profile?: string | undefined;
  /** Endpoint of AWS Organizations, when it is not AWS's own. */
  readonly endpoint: string | undefined;
  /** Memoized, and refreshed before expiry. Never logged. Rejects with a `CredentialsError`. */
  readonly credentials: AwsCredentialIdentityProvider;
  /**
   * Returns a new provider of credentials for a session that is named after a caller, for its writes. Absent if writes
   * use `credentials`, too. Rejects as `credentials` does.
   */
  readonly credentialsFor?: ((callerName: string) => AwsCredentialIdentityProvider) | undefined;
  readonly configuredAccountId: string | undefined;
  /**
   * The 12-digit account that the credentials belong to: the configured one, the one that the credentials carry,
   * or what STS GetCallerIdentity says (asked at most once while it succeeds).
   * Rejects with an `UpstreamError` when STS cannot be asked.
   */
  accountId(): Promise<string>;
  /**
   * Identifies these credentials among those of the same account, in every process and over their renewals: the ARN of
   * the role or the user, or an access key id. Asks STS if the configuration does not say. Rejects as `accountId` does.
   */
  identity(): Promise<string>;
}
