import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnfinishedMessage } from '../../../src/transport/websocket/message-reader.ts';

const headerBytes = (payload: number) => (payload < 126 ? 6 : payload < 65_536 ? 8 : 14);
const frame = fc.record({
  payload: fc.oneof(fc.integer({ min: 0, max: 130 }), fc.integer({ min: 65_500, max: 65_600 })),
  isMessage: fc.boolean(),
});

/** Lets the frames arrive in chunks of so many bytes. Returns what is held in the end, or where it was estimated wrongly before. */
function arrive(frames: { payload: number; isMessage: boolean }[], chunk: number): number | string {
  const unfinished = new UnfinishedMessage();
  const ends: number[] = [];
  let total = 0;
  for (const { payload } of frames) {
    total += headerBytes(payload) + payload;
    ends.push(total);
  }
  let held = 0;
  let emitted = 0;
  for (let arrived = 0; arrived < total; ) {
    const bytes = Math.min(chunk, total - arrived);
    arrived += bytes;
    for (; (ends[emitted] ?? Number.POSITIVE_INFINITY) <= arrived; emitted += 1) {
      const { payload, isMessage } = frames[emitted] ?? { payload: 0, isMessage: false };
      unfinished.emitted(payload, isMessage);
    }
    held = unfinished.received(bytes);
    // ws buffers the chunks that it has not emitted.
    if (unfinished.bytes !== arrived - (ends[emitted - 1] ?? 0)) return `${unfinished.bytes} bytes after ${arrived}`;
    if (held < unfinished.bytes) return `${held} bytes held after ${arrived}`;
  }
  return held;
}

test('holds no bytes once every frame is complete, in whatever chunks they arrive', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 10, max: 70_000 }),
      (frames, chunk) => {
        expect(arrive(frames, chunk)).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});

test('a chunk costs more than its bytes, so that single bytes are not free', () => {
  const unfinished = new UnfinishedMessage();
  for (let n = 1; n <= 100; n += 1) expect(unfinished.received(1)).toBeGreaterThan(n * 100);
});

test('counts all chunks of fragments that arrive between pings', () => {
  const unfinished = new UnfinishedMessage();
  let held = 0;
  for (let n = 0; n < 10; n += 1) {
    unfinished.emitted(125, false);
    // A fragment of one byte, seven on the wire.
    held = unfinished.received(131 + 7);
  }
  expect(held).toBeGreaterThan(10 * 138);
});
