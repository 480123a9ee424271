import { describe, expect, it } from 'vitest';
import { ManualClock } from '../support/manual-clock.ts';
import { startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream } from '../support/upstream.ts';

/** Counts the turns of the event loop, until it is stopped. */
function countTurns() {
  let turn = 0;
  let next = setImmediate(count);
  function count(): void {
    turn += 1;
    next = setImmediate(count);
  }
  return { now: () => turn, stop: () => clearImmediate(next) };
}

describe('those who wait for one answer', () => {
  it('get it in a turn of the event loop each, in the order in which they came, so that timers and sockets have theirs', async () => {
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

  it('get it even if their time is over before their turn has come, as it is there', async () => {
    const clock = new ManualClock();
    await using aws = await startScriptedAws();
    await using world = await startUpstream({ clock, principals: [emulated('partner', '111111111111', aws.url)] });
    const first = world.session({ deadlineMs: 2_000 }).read('ListRoots', {});
    // The first to be woken moves time past the others' deadline, before their turns.
    const late = first.then(() => clock.advance(1_500));
    const others = Array.from({ length: 3 }, () => world.session({ deadlineMs: 1_000 }).read('ListRoots', {}));
    (await aws.next()).reply({ Roots: [] });
    await late;
    expect(await Promise.all(others)).toEqual(Array(3).fill({ Roots: [] }));
    expect(clock.pending).toBe(0);
  });

  it('are not woken once they have left', async () => {
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
