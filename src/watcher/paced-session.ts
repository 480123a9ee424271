import {
  type Input,
  type Item,
  type ListName,
  type Output,
  type Page,
  PageTokens,
  type ReadName,
  type UpstreamSession,
} from '../upstream/index.ts';
import { callPriorities } from './call-pacer.ts';
import type { Pace } from './channel-uses.ts';

/** A session for one read at a time, whose calls are spaced. */
export const pacedSession = (
  session: UpstreamSession,
  { pacer, share }: Pick<Pace, 'pacer' | 'share'>,
  signal: AbortSignal,
): UpstreamSession => {
  const paced = async <T>(call: () => Promise<T>): Promise<T> => {
    const slot = await pacer.take({ priority: callPriorities.sweep, share }, signal);
    const { calls, waitedMs } = session.cost;
    try {
      const { cost } = session;
      slot.start({
        get calls() {
          return cost.calls - calls;
        },
        get waitedMs() {
          return cost.waitedMs - waitedMs;
        },
      });
      return await call();
    } finally {
      slot.end();
    }
  };
  const page = <O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>> =>
    paced(() => session.page(operation, input));
  return {
    principal: session.principal,
    cost: session.cost,
    known: () => undefined,
    knownPage: () => undefined,
    page,
    read: <O extends ReadName>(operation: O, input: Input<O>): Promise<Output<O>> =>
      paced(() => session.read(operation, input)),
    async *pages(operation, input) {
      const tokens = new PageTokens(operation, input.NextToken);
      for (let request = input; ; ) {
        const next = await page(operation, request);
        if (next.items.length > 0) yield next;
        if (next.nextToken === undefined) return;
        tokens.add(next.nextToken, next.items.length);
        request = { ...input, NextToken: next.nextToken };
      }
    },
    write: (operation, input) => session.write(operation, input),
    accountId: (principal) => session.accountId(principal),
  };
};
