import { getHomeDir, loadSharedConfigFiles } from '@smithy/core/config';

/**
 * In words, that neither of the shared AWS files has a profile, and what to do; undefined when one of them has it.
 * @param setBy What names the profile: a variable or a setting.
 */
export async function missingProfile(profile: string, setBy: string): Promise<string | undefined> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  if (profile in configFile || profile in credentialsFile) return undefined;
  const config = shown(process.env['AWS_CONFIG_FILE'] || '~/.aws/config');
  const credentials = shown(process.env['AWS_SHARED_CREDENTIALS_FILE'] || '~/.aws/credentials');
  return (
    `${setBy} names the profile "${profile}", which is neither in ${config} nor in ${credentials}. ` +
    `Correct the name, or add the profile (aws configure --profile ${profile}).`
  );
}

/** Who reads it need not know whose home it is. */
function shown(path: string): string {
  const home = getHomeDir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
