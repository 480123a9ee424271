import type { Config, ConfigInput, PrincipalConfig } from '../config/index.ts';
import { valueAt } from '../config/paths.ts';
import { operations } from '../upstream/operations.ts';

/** The demo's principals, and the account of each in the demo world. */
const ACCOUNTS = { partner: '111111111111', customer: '444444444444', standalone: '222222222222' } as const;

/** The demo allows this multiple of AWS's documented rates, so that it is fast but still shows costs. */
const RATE_FACTOR = 10;

/** The demo's inventories, with a short maximum age. `standalone` has none, as it is in no organization. */
export const DEMO_INVENTORY = [
  { principal: 'partner', maxAgeMs: 120_000 },
  { principal: 'customer', maxAgeMs: 120_000 },
] satisfies ConfigInput['inventory'];

/**
 * The demo's settings: three principals of the simulator, ten times AWS's documented rates, and short poll intervals.
 */
export function demoSettings(simulatorUrl: string) {
  return {
    principals: Object.entries(ACCOUNTS).map(([name, accountId]) => ({
      name,
      accountId,
      ...simulatorEndpoints(simulatorUrl),
      credentials: simulatorCredentials(accountId),
    })),
    upstream: { budget: 'documented', limits: demoLimits(), cacheMs: 1_000 },
    // With the default, estimates could reject operations of the examples.
    graph: { maxCalls: 100_000 },
    watch: { minIntervalMs: 1_000, maxIntervalMs: 5_000, bookmarkMs: 20_000 },
    console: { enabled: true },
    log: { level: 'warn' },
  } satisfies ConfigInput;
}

/**
 * Returns the configuration with the simulator as the endpoint of all principals that have no endpoint. A principal
 * without static keys calls as its `accountId`, or as the default account of the world.
 */
export function useSimulator(config: Config, simulatorUrl: string): Config {
  const principals = config.principals.map((principal): PrincipalConfig => {
    if (principal.endpoint !== undefined) return principal;
    const { type } = principal.credentials;
    return {
      ...principal,
      ...simulatorEndpoints(simulatorUrl),
      ...(principal.region !== undefined && { region: principal.region }),
      // Real credentials must not be sent to the simulator.
      ...(type !== 'static' && { credentials: simulatorCredentials(principal.accountId ?? 'default-account') }),
    };
  });
  return Object.freeze({ ...config, principals });
}

/** Whether no principal of these settings can reach AWS. */
export function isSimulated(values: unknown, simulatorUrl: string): boolean {
  const principals = valueAt(values, ['principals']);
  if (!Array.isArray(principals)) return true;
  return principals.every((principal) => (valueAt(principal, ['endpoint']) ?? simulatorUrl) === simulatorUrl);
}

function simulatorEndpoints(simulatorUrl: string) {
  return { region: 'us-east-1', endpoint: simulatorUrl, stsEndpoint: simulatorUrl };
}

/** The simulator maps an access key id of 12 digits to that account, and ignores the secret. */
function simulatorCredentials(accessKeyId: string) {
  return { type: 'static' as const, accessKeyId, secretAccessKey: 'not-looked-at' };
}

function demoLimits() {
  return Object.fromEntries(
    Object.entries(operations).map(
      ([
        operation,
        {
          limit: { rate, burst },
        },
      ]) => [operation, { rate: rate * RATE_FACTOR, burst: burst * RATE_FACTOR }],
    ),
  );
}
