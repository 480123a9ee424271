import type { Config, PrincipalConfig } from '../config/index.ts';
import { createCredentials, knownAccountId } from './credentials.ts';
import { createIdentity } from './identity.ts';
import type { Principal } from './principal.ts';

/**
 * Creates the configured principals in order; the first is the default. Credentials are loaded, and STS is called, on
 * first use.
 *
 * The AWS SDK's own variables count where the configuration is silent: AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION
 * (which the SDK for JavaScript does not read, but every other AWS tool does), AWS_ENDPOINT_URL and
 * AWS_ENDPOINT_URL_<SERVICE>.
 */
export function createPrincipals(config: Config): readonly Principal[] {
  return config.principals.map(createPrincipal);
}

function createPrincipal(settings: PrincipalConfig): Principal {
  const { credentials: from } = settings;
  const region = settings.region ?? (process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || undefined);
  const profile = from.type === 'profile' || from.type === 'assumeRole' ? from.profile : undefined;
  const sts = { region, profile, endpoint: settings.stsEndpoint };
  const credentials = createCredentials(settings, sts);
  const known = knownAccountId(settings);
  const organizations = { region, profile, endpoint: settings.endpoint };
  return Object.freeze({
    name: settings.name,
    region,
    profile,
    endpoint: settings.endpoint,
    credentials,
    credentialsFor:
      from.type === 'assumeRole' && from.callerSessions
        ? (callerName: string) => createCredentials(settings, sts, callerName)
        : undefined,
    configuredAccountId: known,
    ...createIdentity({ principalName: settings.name, known, from, credentials, sts, organizations }),
  });
}
