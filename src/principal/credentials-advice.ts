import type { PrincipalConfig } from '../config/index.ts';
import type { StillLoading } from './load-in-time.ts';
import { missingProfile } from './missing-profile.ts';

/** What to look at when credentials do not come. */
export function stalled({ name, credentials }: PrincipalConfig, { sinceMs }: StillLoading): string {
  const source = {
    default:
      'the default credentials (a credential process, SSO, or the metadata service of the container or instance)',
    profile: `profile "${'profile' in credentials ? credentials.profile : ''}" (its credential process, SSO or STS)`,
    assumeRole: 'STS, or the source of the credentials that assume the role',
    static: 'the configuration',
  }[credentials.type];
  return (
    `The AWS credentials of principal "${name}" are not there after ${Math.round(sinceMs / 1000)} s: ${source} does not answer. ` +
    'It is still being waited for; try again.'
  );
}

/** Our own words: what a provider says may quote the output of a credential process. */
export async function remedy({ name, credentials }: PrincipalConfig): Promise<string> {
  const missing = await missingProfileOf(credentials);
  if (missing !== undefined) return `There are no AWS credentials for principal "${name}": ${missing}`;
  switch (credentials.type) {
    case 'default':
      return (
        `No AWS credentials were found for principal "${name}". Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and ` +
        'AWS_SECRET_ACCESS_KEY, or sign in (aws sso login), or give the principal credentials in the configuration.'
      );
    case 'profile':
      return (
        `The AWS credentials of principal "${name}" could not be loaded from profile "${credentials.profile}". ` +
        'Check what the AWS config and credentials files have under its name, and sign in again if it uses SSO ' +
        `(aws sso login --profile ${credentials.profile}).`
      );
    case 'assumeRole':
      return (
        `Principal "${name}" could not assume its role. Check the role's ARN and trust policy, the external id, ` +
        `and ${credentials.profile === undefined ? 'the default credentials' : `the profile "${credentials.profile}"`} that assume it.`
      );
    case 'static':
      return `The AWS credentials of principal "${name}" could not be loaded. Check them in the configuration.`;
  }
}

async function missingProfileOf(credentials: PrincipalConfig['credentials']): Promise<string | undefined> {
  if (credentials.type === 'static') return undefined;
  const own = 'profile' in credentials ? credentials.profile : undefined;
  if (own !== undefined) return missingProfile(own, 'its configuration');
  const { AWS_PROFILE: profile } = process.env;
  return profile ? missingProfile(profile, 'AWS_PROFILE') : undefined;
}
