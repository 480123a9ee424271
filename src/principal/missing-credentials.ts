import { readFile } from 'node:fs/promises';
import { getHomeDir, loadSharedConfigFiles } from '@smithy/core/config';
import type { Logger } from 'pino';
import type { PrincipalConfig } from '../config/index.ts';
import type { Principal } from './principal.ts';

export function stalled({ name, credentials }: PrincipalConfig, sinceMs: number): string {
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

/** Own messages, as those of a provider may quote the output of a credential process. */
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

/**
 * Returns the message for a profile that neither of the shared AWS files has; undefined if one has it. @param setBy The
 * variable or setting that names the profile.
 */
async function missingProfile(profile: string, setBy: string): Promise<string | undefined> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  if (profile in configFile || profile in credentialsFile) return undefined;
  const config = shown(process.env['AWS_CONFIG_FILE'] || '~/.aws/config');
  const credentials = shown(process.env['AWS_SHARED_CREDENTIALS_FILE'] || '~/.aws/credentials');
  return (
    `${setBy} names the profile "${profile}", which is neither in ${config} nor in ${credentials}. ` +
    `Correct the name, or add the profile (aws configure --profile ${profile}).`
  );
}

/** The log does not need the name of the home folder's owner. */
function shown(path: string): string {
  const home = getHomeDir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** Maximum delay of the start by a home folder on a file system that does not answer, in ms. */
const MAX_CHECK_MS = 1_000;

/**
 * Logs a warning for each principal without credentials, with its name and the fix. It calls nothing but the metadata
 * service of an EC2 instance, whose warning may come after the start.
 */
export async function warnOfMissingCredentials(
  settings: readonly PrincipalConfig[],
  principals: readonly Principal[],
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, MAX_CHECK_MS).unref();
  });
  const checks = settings.map(async (each, index) => {
    const warn = (message: string) => log.warn({ principal: each.name, code: 'UPSTREAM_CREDENTIALS' }, message);
    // A file that cannot be read now is reported when the credentials are needed.
    const state = await stateOf(each.credentials).catch((): State => 'present');
    if (state === 'missing') warn(await adviceFor(each));
    // The provider's errors say what to do.
    if (state === 'ask') principals[index]?.credentials().catch((error: Error) => warn(error.message));
  });
  await Promise.race([Promise.all(checks), late]);
  clearTimeout(timer);
}

/** A role is assumed with the credentials of a profile or of the default chain: these can be missing. */
function adviceFor({ credentials, ...rest }: PrincipalConfig): Promise<string> {
  if (credentials.type !== 'assumeRole') return remedy({ ...rest, credentials });
  const { profile } = credentials;
  return remedy({ ...rest, credentials: profile === undefined ? { type: 'default' } : { type: 'profile', profile } });
}

/** `ask`: only the instance's metadata service can say. */
type State = 'present' | 'missing' | 'ask';

async function stateOf(credentials: PrincipalConfig['credentials']): Promise<State> {
  if (credentials.type === 'static') return 'present';
  const own = 'profile' in credentials ? credentials.profile : undefined;
  if (own !== undefined) return (await hasSource(own)) ? 'present' : 'missing';
  const { env } = process;
  if (env['AWS_PROFILE']) return (await hasSource(env['AWS_PROFILE'])) ? 'present' : 'missing';
  const sources = [
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'],
    ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI'],
  ];
  if (sources.some((names) => names.every((name) => env[name]))) return 'present';
  if (await hasSource('default')) return 'present';
  if (!(await hasInstanceMetadata())) return 'missing';
  // The profile assumes a role, which happens on first use.
  return credentials.type === 'default' ? 'ask' : 'present';
}

/**
 * Settings of a profile that lead to credentials.
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
const SOURCES = [
  'aws_access_key_id',
  'role_arn',
  'credential_process',
  'sso_session',
  'sso_start_url',
  'login_session',
  'web_identity_token_file',
];

async function hasSource(profile: string): Promise<boolean> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const section = { ...configFile[profile], ...credentialsFile[profile] };
  return SOURCES.some((name) => section[name]);
}

/** Whether this machine may have AWS's metadata service. Elsewhere a call to its address only takes time. */
async function hasInstanceMetadata(): Promise<boolean> {
  const { env, platform } = process;
  if (env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return false;
  if (env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || platform !== 'linux') return true;
  const read = (file: string) => readFile(file, 'utf8').catch(() => '');
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html
  const [vendor, uuid] = await Promise.all([read('/sys/class/dmi/id/sys_vendor'), read('/sys/hypervisor/uuid')]);
  return vendor.startsWith('Amazon EC2') || uuid.toLowerCase().startsWith('ec2');
}
