import { CONFIG_PREFIX_SEPARATOR, loadConfig } from '@smithy/core/config';

/** AWS Organizations' control plane is in one region per partition; this is the one of the partition `aws`. */
const defaultRegion = 'us-east-1';

/**
 * The SDK's service ids, as its variables (AWS_ENDPOINT_URL_…) and the shared files' `services` sections spell them.
 */
export type ServiceId = 'Organizations' | 'STS';

/** The SDK's settings that determine the endpoint of an AWS client. */
export interface ClientLocation {
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly ignoreConfiguredEndpointUrls?: boolean;
}

export interface LocationSettings {
  readonly region: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint: string | undefined;
}

/**
 * Where a client of `service` calls: explicit settings first, then the SDK's variables, then the shared files.
 *
 * Without a profile of its own the endpoint is left to the SDK, which reads AWS_ENDPOINT_URL_<SERVICE>,
 * AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS and the profile that AWS_PROFILE names. With a profile of its
 * own it is resolved here: the SDK looks into AWS_PROFILE's section whatever profile its client was given, and a write
 * meant for that profile's emulator would go to AWS.
 */
export async function clientLocation(service: ServiceId, settings: LocationSettings): Promise<ClientLocation> {
  const { profile, endpoint } = settings;
  const region = settings.region ?? (await profileRegion(profile));
  if (endpoint !== undefined) return { region, endpoint, ...(profile === undefined ? {} : { profile }) };
  if (profile === undefined) return { region };
  const configured = await profileEndpoint(service, profile);
  return configured === undefined
    ? { region, profile, ignoreConfiguredEndpointUrls: true }
    : { region, profile, endpoint: configured };
}

function profileRegion(profile: string | undefined): Promise<string> {
  return loadConfig<string>(
    {
      environmentVariableSelector: () => undefined,
      configFileSelector: (section) => section['region'],
      default: defaultRegion,
    },
    profile === undefined ? {} : { profile },
  )();
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html, in its order of precedence. */
async function profileEndpoint(service: ServiceId, profile: string): Promise<string | undefined> {
  const ignored = await loadConfig<string>(
    {
      environmentVariableSelector: (env) => env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'],
      configFileSelector: (section) => section['ignore_configured_endpoint_urls'],
      default: 'false',
    },
    { profile },
  )();
  if (ignored === 'true') return undefined;
  const found = await loadConfig<string>(
    {
      environmentVariableSelector: (env) =>
        env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || env['AWS_ENDPOINT_URL'] || undefined,
      configFileSelector: (section, file) => {
        const services =
          section['services'] === undefined
            ? undefined
            : file?.[['services', section['services']].join(CONFIG_PREFIX_SEPARATOR)];
        // A nested setting of the file, `organizations =` and below it `endpoint_url = …`, is one key here.
        const key = [service.toLowerCase(), 'endpoint_url'].join(CONFIG_PREFIX_SEPARATOR);
        return services?.[key] ?? section['endpoint_url'];
      },
      default: '',
    },
    { profile },
  )();
  return found === '' ? undefined : found;
}

/**
 * Time limits for STS, in ms: to connect, for the head of the response, and for each further piece. Without them a
 * stalled connection would never fail.
 */
export const stsConnection = {
  connectionTimeout: 3_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
  socketTimeout: 5_000,
} as const;
