import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteBudget, type ByteReservation } from '../../src/pipeline/byte-budget.ts';

const limits = {
  total: 1000,
  perCaller: 600,
  perConnection: 500,
  unauthenticated: 300,
  unauthenticatedPerAddress: 200,
};

test('names the bound that a reservation would exceed, and does not count it', () => {
  const budget = new ByteBudget(limits);
  const one = budget.open({ address: 'a' });
  expect(one.grow(501)).toBe('perConnection');
  expect(one.grow(201)).toBe('unauthenticatedPerAddress');
  expect(one.grow(200)).toBeUndefined();
  expect(budget.open({ address: 'a' }).grow(1)).toBe('unauthenticatedPerAddress');
  expect(budget.open({ address: 'b' }).grow(101)).toBe('unauthenticated');
  one.authenticated('caller');
  expect(one.grow(300)).toBeUndefined();
  expect(one.grow(1)).toBe('perConnection');
  expect(budget.open({ address: 'b', caller: 'caller' }).grow(101)).toBe('perCaller');
  expect(budget.open({ address: 'b', caller: 'other' }).grow(500)).toBeUndefined();
  expect(budget.open({ address: 'b' }).grow(1)).toBe('total');
  expect(budget.total).toBe(1000);
});

test('the last release frees all bytes, however the reservations ended', () => {
  const owner = fc.record({ address: fc.constantFrom('a', 'b'), caller: fc.constantFrom(undefined, 'x', 'y') });
  const step = fc.tuple(
    fc.nat(5),
    fc.oneof(
      fc.record({ grow: fc.nat(400) }),
      fc.record({ adjust: fc.integer({ min: -400, max: 400 }) }),
      fc.record({ caller: fc.constantFrom('x', 'y') }),
    ),
  );
  fc.assert(
    fc.property(fc.array(owner, { minLength: 6, maxLength: 6 }), fc.array(step), (owners, steps) => {
      const budget = new ByteBudget(limits);
      const all: readonly ByteReservation[] = owners.map((each) => budget.open(each));
      for (const [index, does] of steps) {
        const one = all[index];
        if ('grow' in does) one?.grow(does.grow);
        else if ('adjust' in does) one?.adjust(does.adjust);
        else one?.authenticated(does.caller);
        expect(budget.total).toBe(all.reduce((sum, { bytes }) => sum + bytes, 0));
      }
      for (const one of all) one[Symbol.dispose]();
      expect(budget.total).toBe(0);
      // No reservation is left: the whole of each bound is available again.
      for (const caller of ['x', 'y']) expect(budget.open({ address: 'a', caller }).grow(500)).toBeUndefined();
    }),
  );
});
