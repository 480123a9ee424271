import { ConfigError } from '../config/config-error.ts';
import type { MonotonicClock } from './clock.ts';
import { documentedLimits, type Rate } from './limits.ts';
import type { OperationName } from './operation-types.ts';
import { isOperationName, operationNames } from './operations.ts';
import { TokenBucket } from './token-bucket.ts';

export interface BudgetSettings {
  readonly budget: 'documented' | 'off';
  /** Buckets that differ from AWS's documented ones, by operation. */
  readonly limits: Readonly<Record<string, Rate>>;
}

/** No limit of ours; a bucket of it still pauses when AWS throttles. */
const unlimited: Rate = { rate: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY };

/** The token buckets of all accounts: one per account and operation, as AWS has them. */
export class Budget {
  readonly #limits: ReadonlyMap<OperationName, Rate>;
  /** By account. */
  readonly #buckets = new Map<string, Map<OperationName, TokenBucket>>();
  readonly #clock: MonotonicClock;
  readonly #random: () => number;

  /** @throws ConfigError for a limit of something that is no operation. */
  constructor(settings: BudgetSettings, clock: MonotonicClock, random: () => number) {
    const overrides = new Map<OperationName, Rate>();
    for (const [name, rate] of Object.entries(settings.limits)) {
      if (!isOperationName(name)) throw unknownOperation('upstream.limits', name);
      overrides.set(name, rate);
    }
    this.#limits = new Map(
      operationNames.map((name) => [
        name,
        settings.budget === 'off' ? unlimited : (overrides.get(name) ?? documentedLimits[name]),
      ]),
    );
    this.#clock = clock;
    this.#random = random;
  }

  limit(operation: OperationName): Rate {
    return this.#limits.get(operation) ?? unlimited;
  }

  /** Calls that wait now, over all accounts; an operation for which none waits is absent. */
  waiting(): ReadonlyMap<OperationName, number> {
    const waiting = new Map<OperationName, number>();
    for (const buckets of this.#buckets.values()) {
      for (const [operation, bucket] of buckets) {
        if (bucket.waiting > 0) waiting.set(operation, (waiting.get(operation) ?? 0) + bucket.waiting);
      }
    }
    return waiting;
  }

  /** `account`: the account that pays for the call, or whatever stands for one that is not known. */
  bucket(account: string, operation: OperationName): TokenBucket {
    let buckets = this.#buckets.get(account);
    if (buckets === undefined) {
      buckets = new Map();
      this.#buckets.set(account, buckets);
    }
    let bucket = buckets.get(operation);
    if (bucket === undefined) {
      bucket = new TokenBucket({ ...this.limit(operation), clock: this.#clock, random: this.#random });
      buckets.set(operation, bucket);
    }
    return bucket;
  }
}

/** For a setting that is keyed by operation and names one that does not exist. */
export function unknownOperation(setting: string, name: string): Error {
  const alike = operationNames.find((known) => known.toLowerCase() === name.toLowerCase());
  return new ConfigError(
    `${setting} names "${name}", which is no operation of AWS Organizations` +
      (alike === undefined ? '; names are spelled as AWS does, e.g. "DescribeAccount".' : `; did you mean "${alike}"?`),
  );
}
