import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BoundTokens } from '../../src/mcp/bound-tokens.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const options = { label: 'token', remedy: 'Ask again.', ttlMs: 1_000, maxTokens: 3, maxBytes: 100 };
const binding = { tool: 'Move', variables: { to: 'b', from: { x: 1, y: [2] } } };

it('a token expires', () => {
  const tokens = new BoundTokens<string>(options);
  const token = tokens.issue(binding, 'value');
  vi.advanceTimersByTime(999);
  expect(tokens.read(token, binding)).toBe('value');
  vi.advanceTimersByTime(1);
  expect(() => tokens.take(token, binding)).toThrow('The token has expired. Ask again.');
});

it('a token is taken once, and read again and again', () => {
  const tokens = new BoundTokens<string>(options);
  const token = tokens.issue(binding, 'value');
  expect([tokens.read(token, binding), tokens.read(token, binding), tokens.take(token, binding)]).toHaveLength(3);
  expect(() => tokens.take(token, binding)).toThrow('The token was used already. Ask again.');
  expect(() => tokens.read(token, binding)).toThrow('was used already');
});

it('a token that was taken has a message of its own', () => {
  const tokens = new BoundTokens<string>({ ...options, takenMeans: 'It is done.' });
  const token = tokens.issue(binding, 'value');
  tokens.take(token, binding);
  expect(() => tokens.take(token, binding)).toThrow(/^The token was used already\. It is done\.$/);
});

it('a token belongs to a tool and its arguments, in any order of their members', () => {
  const tokens = new BoundTokens<string>(options);
  const token = tokens.issue(binding, 'value');
  expect(tokens.read(token, { tool: 'Move', variables: { from: { y: [2], x: 1 }, to: 'b' } })).toBe('value');
  for (const other of [
    { ...binding, tool: 'Close' },
    { ...binding, variables: {} },
    { ...binding, variables: { ...binding.variables, from: { x: 1, y: [2, 3] } } },
  ])
    expect(() => tokens.take(token, other)).toThrow('belongs to another tool or to other arguments');
  expect(tokens.take(token, binding)).toBe('value');
});

it('the oldest tokens are removed when there are too many, or their values are too large', () => {
  const tokens = new BoundTokens<number>(options);
  const issued = [1, 2, 3, 4].map((value) => tokens.issue(binding, value, 10));
  expect(() => tokens.read(issued[0] ?? '', binding)).toThrow('is not one of this session, or too old');
  expect(tokens.read(issued[1] ?? '', binding)).toBe(2);
  const large = tokens.issue(binding, 5, 85);
  expect(() => tokens.read(issued[2] ?? '', binding)).toThrow('too old');
  expect([tokens.read(issued[3] ?? '', binding), tokens.read(large, binding)]).toEqual([4, 5]);
});
