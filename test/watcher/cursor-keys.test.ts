import { describe, expect, it } from 'vitest';
import { CursorKeys, newCursorKey } from '../../src/watcher/cursor.ts';
import { ManualClock } from '../support/manual-clock.ts';

const payload = Buffer.from('a payload');

/** Cursor keys of a journal store, which a test changes. */
function kept() {
  const clock = new ManualClock();
  const store = { key: newCursorKey(), loads: 0, isAway: false };
  const load = async (use: (key: Uint8Array) => void) => {
    store.loads += 1;
    if (store.isAway) throw new Error('away');
    use(store.key);
  };
  return { clock, store, load };
}

describe('cursors', () => {
  it('signed with a secret are accepted by every process with that secret, and rejected with another', async () => {
    const clock = new ManualClock();
    const [one, same, other] = ['secret one', 'secret one', 'secret two'].map(
      (secret) => new CursorKeys({ clock, secret }),
    );
    const signed = one?.sign(payload) ?? Buffer.of();
    expect(await same?.verify(signed)).toEqual(payload);
    expect(await other?.verify(signed)).toBe('unknownKey');
  });

  it('with the signature or payload of another key are rejected', async () => {
    const clock = new ManualClock();
    const keys = new CursorKeys({ clock, secret: 'secret one' });
    const [mine, foreign] = [keys.sign(payload), new CursorKeys({ clock }).sign(payload)];
    expect(await keys.verify(Buffer.concat([foreign.subarray(0, 16), mine.subarray(16)]))).toBe('tampered');
    expect(await keys.verify(Buffer.concat([mine.subarray(0, 24), Buffer.from('another')]))).toBe('tampered');
    expect(await keys.verify(mine.subarray(0, 24))).toBe('malformed');
    const badId = Buffer.concat([mine.subarray(0, 16), Buffer.alloc(8), payload]);
    expect(await keys.verify(badId)).toBe('malformed');
  });

  it('cannot be signed before the key is loaded', async () => {
    const { clock, store, load } = kept();
    const keys = new CursorKeys({ clock, load });
    expect(() => keys.sign(payload)).toThrow('no key');
    store.isAway = true;
    await expect(keys.ready()).rejects.toThrow('away');
    store.isAway = false;
    await keys.ready();
    await keys.ready();
    expect(store.loads).toBe(2);
    expect(await keys.verify(keys.sign(payload))).toEqual(payload);
  });

  it('of a new key are accepted after reloading it, at most once a second, and those of the old key still are', async () => {
    const { clock, store, load } = kept();
    const keys = new CursorKeys({ clock, load });
    await keys.ready();
    const old = keys.sign(payload);
    const foreign = new CursorKeys({ clock }).sign(payload);
    await clock.advance(1_000);
    for (let n = 0; n < 100; n += 1) expect(await keys.verify(foreign)).toBe('unknownKey');
    expect(store.loads).toBe(2);

    store.key = newCursorKey();
    const elsewhere = new CursorKeys({ clock, load });
    await elsewhere.ready();
    await clock.advance(1_000);
    expect(await keys.verify(elsewhere.sign(payload))).toEqual(payload);
    expect(await keys.verify(old)).toEqual(payload);
    expect(await elsewhere.verify(old)).toBe('unknownKey');
  });
});
