import { describe, expect, it } from 'vitest';
import { ManualClock } from '../support/manual-clock.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream } from '../support/upstream.ts';

/** Counts turns of the event loop until it is stopped. */
function countTurns() {
  let turn = 0;
  let next = setImmediate(count);
  function count(): void {
    turn += 1;
    next = setImmediate(count);
  }
  return { now: () => turn, stop: () => clearImmediate(next) };
}

describe('callers that wait for one reply', () => {
  it('receive it in order, each in its own turn of the event loop, so that timers and sockets are not blocked', async () => {
    await using aws = await startScriptedAws();
    await using world = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
    const turns = countTurns();
    const woken: { turn: number; reader: number }[] = [];
    const readings = Array.from({ length: 50 }, async (_, reader) => {
      await world.session().read('ListRoots', {});
      woken.push({ turn: turns.now(), reader });
    });
    (await aws.next()).reply({ Roots: [] });
    await Promise.all(readings);
    turns.stop();
    expect(woken.map(({ reader }) => reader)).toEqual(Array.from({ length: 50 }, (_, reader) => reader));
    expect(new Set(woken.map(({ turn }) => turn)).size).toBe(50);
    expect(aws.arrived).toBe(1);
  });

  it('receive it even if their deadline passes before their turn', async () => {
    const clock = new ManualClock();
    await using aws = await startScriptedAws();
    await using world = await startUpstream({ clock, principals: [emulated('partner', '111111111111', aws.url)] });
    const first = world.session({ deadlineMs: 2_000 }).read('ListRoots', {});
    // The first callback advances the clock past the deadline of the others.
    const late = first.then(() => clock.advance(1_500));
    const others = Array.from({ length: 3 }, () => world.session({ deadlineMs: 1_000 }).read('ListRoots', {}));
    (await aws.next()).reply({ Roots: [] });
    await late;
    expect(await Promise.all(others)).toEqual(Array(3).fill({ Roots: [] }));
    expect(clock.pending).toBe(0);
  });

  it('are not notified after they have left', async () => {
    await using aws = await startScriptedAws();
    await using world = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
    const leaving = new AbortController();
    const first = world.session().read('ListRoots', {});
    const left = world.session({ signal: leaving.signal }).read('ListRoots', {});
    const last = world.session().read('ListRoots', {});
    first.then(() => leaving.abort());
    (await aws.next()).reply({ Roots: [] });
    await expect(left).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(last).resolves.toEqual({ Roots: [] });
  });
});
