import type { OperationName, UpstreamSession } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { knownSize } from './known-sizes.ts';
import { minimums, type PlanKind } from './minimums.ts';
import { Pool, type PoolOptions } from './pool.ts';

export interface PlanOptions<A> extends Pick<PoolOptions<A>, 'sweep'> {
  /** The kind of demand, as the forecast counts it. */
  readonly kind: PlanKind;
  /** The read that one demand costs without a plan, and the one that the sweep repeats. */
  readonly direct: OperationName;
  readonly swept: OperationName;
  /** The most calls of the sweep that are worth a direct one, whatever the rates are. */
  readonly worth?: number;
  /** Lists whose pages under way may bring more demands of this kind, and plans that may. */
  readonly fedBy: readonly string[];
}

/** Gathers what one operation demands, so that the cheaper way to all of it can be taken. */
export class Planner {
  readonly session: UpstreamSession;
  readonly #context: GraphContext;
  readonly #pools = new Map<string, Pool<unknown>>();
  readonly #underWay = new Map<string, number>();
  #woken = false;

  constructor(context: GraphContext, session: UpstreamSession) {
    this.#context = context;
    this.session = session;
  }

  /** The planning of one operation goes with its session, since each event of a subscription has one of its own. */
  static of(context: GraphContext): Planner {
    const { session } = context;
    if (context.planner?.session !== session) context.planner = new Planner(context, session);
    return context.planner;
  }

  /**
   * What a sweep tells of `key`, or undefined when it is to be read directly: always at once where the operation cannot have enough
   * demands of the kind. `pool` tells those apart that one sweep cannot answer together.
   */
  async demand<A>(pool: string, key: string, options: PlanOptions<A>): Promise<A | undefined> {
    if ((this.#context.forecast?.get(options.kind) ?? 0) < minimums[options.kind]) return undefined;
    let gathered = this.#pools.get(pool) as Pool<A> | undefined;
    if (gathered === undefined) {
      gathered = this.#create(pool, options);
      this.#pools.set(pool, gathered);
    }
    const answer = gathered.demand(key);
    this.#wake();
    return await answer;
  }

  /** Says that a list is being read: who waits for its end can wait for what it brings. */
  track<T>(operation: OperationName, reading: Promise<T>): Promise<T> {
    // Where nothing is demanded, nobody waits.
    if (!this.#context.forecast?.size) return reading;
    this.#underWay.set(operation, (this.#underWay.get(operation) ?? 0) + 1);
    const end = () => {
      this.#underWay.set(operation, (this.#underWay.get(operation) ?? 1) - 1);
      this.#wake();
    };
    reading.then(end, end);
    return reading;
  }

  #create<A>(name: string, { kind, direct, swept, fedBy, ...options }: PlanOptions<A>): Pool<A> {
    const { principal, settings } = this.#context;
    const { worth = 1 } = options;
    const ratio = settings.ratePerSecond(swept) / settings.ratePerSecond(direct);
    return new Pool({
      ...options,
      minimum: minimums[kind],
      // Without a budget there is no ratio.
      worth: Number.isFinite(ratio) ? Math.min(worth, ratio) : worth,
      size: knownSize(principal, name),
      moreMayCome: () =>
        fedBy.some((feeder) => (this.#underWay.get(feeder) ?? 0) > 0 || (this.#pools.get(feeder)?.waiting ?? 0) > 0),
    });
  }

  /** Lets the pools look, once the answers that have come in have brought all the demands that they bring. */
  #wake(): void {
    if (this.#woken || this.#pools.size === 0) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      const { turns } = this.#context;
      if (turns?.isPaused) {
        // What is not begun yet has demands as well.
        void turns.resumed().then(() => this.#wake());
        return;
      }
      for (const pool of this.#pools.values()) {
        if (!pool.consider()) continue;
        // What it has set going may feed the pools behind it, but is not under way yet.
        this.#wake();
        return;
      }
    });
  }
}
