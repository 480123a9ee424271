import { configSchema } from '../../src/config/index.ts';
import { operations } from '../../src/upstream/operations.ts';
import { unlimited } from '../unlimited.ts';

/** The simulator and the gateway allow this multiple of AWS's documented rates. */
export const RATE_FACTOR = 50;

export const ACCOUNT = '111111111111';
export const PRINCIPAL = 'payer';
/** The header `x-api-key` of hints. */
export const HINT_KEY = 'bench-inventory-hints';

export interface WorldSize {
  readonly accounts: number;
  /** Service control policies beside FullAWSAccess. */
  readonly policies: number;
}

export interface GatewayOptions {
  readonly simulator: string;
  /** The folder of the stored copy; undefined keeps it in memory only. */
  readonly store?: string | undefined;
  /** The share of each rate that the sweep may use, 0 to 1. */
  readonly share: number;
  /** Whether calls to AWS are made first, so that the SDK is loaded. */
  readonly isWarm: boolean;
}

const limits = Object.fromEntries(
  Object.entries(operations).map(([operation, { limit }]) => [
    operation,
    { rate: limit.rate * RATE_FACTOR, burst: limit.burst * RATE_FACTOR },
  ]),
);

/** The settings of a gateway that keeps a copy, without limits per caller. */
export const createConfig = ({ simulator, store, share }: GatewayOptions) =>
  configSchema.parse({
    port: 0,
    principals: [
      {
        name: PRINCIPAL,
        accountId: ACCOUNT,
        region: 'us-east-1',
        endpoint: simulator,
        stsEndpoint: simulator,
        credentials: { type: 'static', accessKeyId: ACCOUNT, secretAccessKey: 'not-looked-at' },
      },
    ],
    inventory: [{ principal: PRINCIPAL, maxAgeMs: 86_400_000, tagsMaxAgeMs: 86_400_000, budgetShare: share }],
    upstream: { limits, deadlineMs: 600_000 },
    watch: { budgetShare: Math.min(0.5, 1 - share), ...(store !== undefined && { store }) },
    graph: { maxFirst: 20_000, maxCalls: 1_000_000 },
    limits: { ...unlimited, values: 1e9 },
    hints: { eventbridge: { apiKey: HINT_KEY } },
    log: { level: 'error', audit: false },
  });
