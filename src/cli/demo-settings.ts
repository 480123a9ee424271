import type { Config, ConfigInput, PrincipalConfig } from '../config/index.ts';
import { valueAt } from '../config/paths.ts';
import { operations } from '../upstream/operations.ts';

/** The demo's principals, and the account of each in the demo world. */
const ACCOUNTS = { partner: '111111111111', customer: '444444444444', standalone: '222222222222' } as const;

/** The simulator is fast, but limits as on AWS show what an operation costs. */
const RATE_FACTOR = 10;

/** The demo's copies, which follow changes soon. `standalone` is in no organization. */
export const DEMO_INVENTORY = [
  { principal: 'partner', maxAgeMs: 120_000 },
  { principal: 'customer', maxAgeMs: 120_000 },
] satisfies ConfigInput['inventory'];

/** The demo's settings: three principals of the simulator, ten times AWS's documented rates, and polls that are as fast. */
export function demoSettings(simulatorUrl: string) {
  return {
    principals: Object.entries(ACCOUNTS).map(([name, accountId]) => ({
      name,
      accountId,
      ...simulatorEndpoints(simulatorUrl),
      credentials: simulatorCredentials(accountId),
    })),
    upstream: { budget: 'documented', limits: demoLimits(), cacheMs: 1_000 },
    // Without it, an estimate could reject an operation that a newcomer tries.
    graph: { maxCalls: 100_000 },
    watch: { minIntervalMs: 1_000, maxIntervalMs: 5_000 },
    log: { level: 'warn' },
  } satisfies ConfigInput;
}

/**
 * A configuration whose principals call the simulator unless they name an endpoint of their own. A principal without static
 * keys calls as its `accountId`, or as the default account of the world.
 */
export function useSimulator(config: Config, simulatorUrl: string): Config {
  const principals = config.principals.map((principal): PrincipalConfig => {
    if (principal.endpoint !== undefined) return principal;
    const { type } = principal.credentials;
    return {
      ...principal,
      ...simulatorEndpoints(simulatorUrl),
      ...(principal.region !== undefined && { region: principal.region }),
      // Real credentials are of no use to the simulator, and are not shown to it.
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

/** The simulator takes an access key id of 12 digits for that account, and ignores secrets. */
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
