import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SecurityLog, type SecurityReason } from '../../src/pipeline/security-log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function record() {
  const lines: { readonly security: string; readonly address: string; readonly count: number }[] = [];
  const counted: SecurityReason[] = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  return {
    security: new SecurityLog(log, { securityEvent: (reason) => counted.push(reason) }),
    counted,
    logged: () => lines.splice(0).map(({ security, address, count }) => [security, address, count]),
  };
}

test('logs the first event at once and the others once per window, with their count', () => {
  const { security, counted, logged } = record();
  for (let n = 0; n < 1_000; n += 1) security.report({ reason: 'host_rejected', address: '203.0.113.7' });
  expect(logged()).toEqual([['host_rejected', '203.0.113.7', 1]]);
  vi.advanceTimersByTime(10_000);
  expect(logged()).toEqual([['host_rejected', '203.0.113.7', 999]]);
  expect(counted).toHaveLength(1_000);
  vi.advanceTimersByTime(60_000);
  expect(logged()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('sums the events of further addresses, so that neither log nor memory grows with them', () => {
  const { security, logged } = record();
  for (let n = 0; n < 10_000; n += 1) security.report({ reason: 'body_timeout', address: `10.0.${n >> 8}.${n & 255}` });
  expect(logged()).toHaveLength(200);
  vi.advanceTimersByTime(10_000);
  expect(logged()).toEqual([['body_timeout', 'further addresses', 9_800]]);
});

test('logs pending counts when it is disposed', () => {
  const { security, logged } = record();
  for (let n = 0; n < 3; n += 1) security.report({ reason: 'init_timeout', address: '203.0.113.7' });
  security[Symbol.dispose]();
  expect(logged()).toEqual([
    ['init_timeout', '203.0.113.7', 1],
    ['init_timeout', '203.0.113.7', 2],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});
