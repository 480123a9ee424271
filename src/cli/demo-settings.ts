import type { ConfigInput } from '../config.ts';

/** Whom the demo world has a part for, and which account is whose. */
const ACCOUNTS = { partner: '111111111111', customer: '444444444444', standalone: '222222222222' } as const;

/**
 * The demo's settings: three principals at a simulator, which takes an access key id of 12 digits for that account, and
 * shorter times than AWS's rates allow.
 */
export function demoSettings(simulatorUrl: string) {
  return {
    principals: Object.entries(ACCOUNTS).map(([name, accountId]) => ({
      name,
      accountId,
      region: 'us-east-1',
      endpoint: simulatorUrl,
      stsEndpoint: simulatorUrl,
      credentials: { type: 'static' as const, accessKeyId: accountId, secretAccessKey: 'not-looked-at' },
    })),
    upstream: { budget: 'off', cacheMs: 1_000 },
    // Nothing is rationed here, so that somebody who tries things out is not held back.
    graph: { maxCalls: 100_000 },
    watch: { minIntervalMs: 1_000, maxIntervalMs: 5_000 },
    log: { level: 'warn' },
  } satisfies ConfigInput;
}
