import { readFile } from 'node:fs/promises';
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { Logger } from 'pino';
import type { PrincipalConfig } from '../config/index.ts';
import { remedy } from './credentials-advice.ts';
import type { Principal } from './principal.ts';

/** A home folder on a file system that does not answer must not hold up the start for longer, in ms. */
const MAX_CHECK_MS = 1_000;

/**
 * Logs a warning for each principal whose credentials are not there: a line that names it and what to do. Nothing is
 * called but the metadata service of an EC2 instance; that warning may come after the start.
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
  // A role would be assumed, which is left until it is needed.
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
