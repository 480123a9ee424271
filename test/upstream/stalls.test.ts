import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/upstream/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { stalls, startStallingAws } from '../support/stalling-aws.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

const stages = Object.entries(stalls).map(([name, stall]) => [name, stall] as const);
const invitation = { Target: { Type: 'ACCOUNT', Id: '222222222222' } } as const;

/** Returns a function that returns the work's error; undefined until it fails. */
function watch(work: Promise<unknown>): () => UpstreamError | undefined {
  let error: UpstreamError | undefined;
  work.then(
    () => Promise.reject(new Error('it succeeded')),
    (reason: unknown) => {
      if (!(reason instanceof UpstreamError)) throw reason;
      error = reason;
    },
  );
  return () => error;
}

async function startAt(url: string, upstream: object): Promise<UpstreamWorld & { readonly clock: ManualClock }> {
  const clock = new ManualClock();
  const principals = [emulated('partner', '111111111111', url)];
  return { ...(await startUpstream({ clock, principals, random: () => 0, upstream })), clock };
}

describe.each(stages)('when AWS %s', (_name, stall) => {
  it('a read and a write end exactly at the deadline of their session, and leave no connection', async () => {
    await using aws = await startStallingAws(stall);
    const { clock, ...world } = await startAt(aws.url, { callTimeoutMs: 60_000, deadlineMs: 5_000 });
    const session = world.session();
    const read = watch(session.read('ListRoots', {}));
    const write = watch(session.write('InviteAccountToOrganization', invitation));
    await aws.reached(2);
    await clock.advance(4_999);
    expect([read(), write()]).toEqual([undefined, undefined]);
    await clock.advance(1);
    expect(read()).toMatchObject({ code: 'UPSTREAM_TIMEOUT', operation: 'ListRoots', retryable: true });
    expect(write()).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      operation: 'InviteAccountToOrganization',
      message: expect.stringContaining('AWS may have carried it out'),
      retryable: false,
    });
    // The write continues, because listeners need its result; its own time limit ends it.
    await clock.advance(55_000);
    await aws.allClosed();
    expect(clock.pending).toBe(0);
    await world[Symbol.asyncDispose]();
  });

  it('every attempt ends at the time limit of a call; a read is retried, a write is not', async () => {
    await using aws = await startStallingAws(stall);
    const { clock, ...world } = await startAt(aws.url, { callTimeoutMs: 1_000, deadlineMs: 60_000 });
    const write = watch(world.session().write('InviteAccountToOrganization', invitation));
    const read = watch(world.session().read('ListRoots', {}));
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await aws.reached(1 + attempt);
      expect(read()).toBeUndefined();
      await clock.advance(1_000);
    }
    expect(read()).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
    expect(write()).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: false });
    await aws.allClosed();
    expect(clock.pending).toBe(0);
    await world[Symbol.asyncDispose]();
  });
});

describe.each(['end', 'reset'] as const)('when the connection has an %s', (after) => {
  it.each(stages.filter(([, stall]) => !('drips' in stall)))(
    'after AWS %s, a read and a write end with an error at once',
    async (_name, stall) => {
      await using aws = await startStallingAws(stall, { after });
      const { clock, ...world } = await startAt(aws.url, {});
      const ended = Promise.allSettled([
        world.session().write('InviteAccountToOrganization', invitation),
        world.session().read('ListRoots', {}),
      ]);
      // Between its attempts a read waits for timers of 0 ms only.
      while (await isPending(ended)) await clock.advance(0);
      for (const result of await ended) {
        if (result.status === 'fulfilled' || !(result.reason instanceof UpstreamError)) throw result;
        expect(result.reason.code).toMatch(/^UPSTREAM_(UNAVAILABLE|BAD_RESPONSE)$/);
        expect(result.reason.message).toMatch(/broke before|broke off|did not speak/);
      }
      await aws.allClosed();
      await world[Symbol.asyncDispose]();
    },
  );
});

async function isPending(work: Promise<unknown>): Promise<boolean> {
  const nothing = Symbol('nothing');
  return (await Promise.race([work, new Promise((resolve) => setImmediate(resolve, nothing))])) === nothing;
}
