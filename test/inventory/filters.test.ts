import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountMatches,
  createCopy,
  type HandshakeFilter,
  handshakeMatches,
  isMonth,
  organizationalUnitMatches,
  type ResponsibilityTransferFilter,
  responsibilityTransferMatches,
  tagsMatch,
} from '../../src/inventory/index.ts';
import { containsText, foldText } from '../../src/inventory/text.ts';
import type { aws } from '../../src/upstream/index.ts';
import { runs } from '../support/runs.ts';
import { FakeKept, wall } from './support/fake-kept.ts';
import { names } from './support/random-organization.ts';

describe('a text condition', () => {
  test.each([
    ['Payments', 'PAY', true],
    ['Payments', 'ments', true],
    ['Payments', 'payments ', false],
    ['Caf\u00e9', 'cafe\u0301', true],
    ['Cafe\u0301', 'CAF\u00c9', true],
    ['Cafe\u0301', 'cafe', false],
    ['\u039f\u0394\u039f\u03a3 1', '\u03bf\u03b4\u03bf\u03c2', true],
    ['\u039f\u0394\u039f\u03a3\u0391', '\u039f\u0394\u039f\u03a3', true],
    ['300 \u212a', '300 k', true],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['[team](a)|b', '](A)|', true],
    ['a\\d', '\\D', true],
    ['1/2', '/', true],
  ])('"%s" contains "%s": %s', (text, part, expected) => {
    expect(containsText(part)(text)).toBe(expected);
  });

  test('compares whole texts without case and after NFC', () => {
    const codeUnits = fc.array(fc.nat({ max: 0xffff }), { maxLength: 8 });
    const texts = fc.oneof(
      names,
      fc.string({ maxLength: 8 }),
      codeUnits.map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(texts, texts, fc.oneof(texts, fc.constant(undefined)), (before, part, after) => {
        const text = after === undefined ? before : before + part + after;
        expect(containsText(part)(text)).toBe(foldText(text).includes(foldText(part)));
      }),
      { numRuns: runs(1_000) },
    );
  });
});

test('an account without a member matches no condition on it', () => {
  const filters = [
    { nameContains: '' },
    { emailContains: '' },
    { states: ['ACTIVE'] },
    { joinedMethod: 'CREATED' },
    { joinedSince: new Date(0) },
    { joinedUntil: new Date() },
    { under: 'r-demo' },
  ];
  for (const filter of filters) expect(accountMatches(filter)({ Id: '111111111111' })).toBe(false);
  expect(accountMatches({})({})).toBe(true);
});

test('an account is under the levels above it only', () => {
  const account = { Paths: ['o-exampleorgid/r-demo/ou-demo-11111111/ou-demo-22222222/111111111111/'] };
  const isUnder = (under: string) => accountMatches({ under })(account);
  expect(['r-demo', 'ou-demo-11111111', 'ou-demo-22222222'].map(isUnder)).toEqual([true, true, true]);
  expect(['ou-demo-33333333', 'ou-demo-1111', '111111111111', 'o-exampleorgid'].map(isUnder)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('a unit is not under itself', () => {
  const unit = { Path: 'o-exampleorgid/r-demo/ou-demo-11111111/ou-demo-22222222/' };
  const isUnder = (under: string) => organizationalUnitMatches({ under })(unit);
  expect(['r-demo', 'ou-demo-11111111', 'ou-demo-22222222'].map(isUnder)).toEqual([true, true, false]);
});

test.each([
  [{ key: 'team' }, true],
  [{ key: 'Team' }, false],
  [{ key: 'stage', exists: true }, true],
  [{ key: 'other', exists: false }, true],
  [{ key: 'team', exists: false }, false],
  [{ key: 'team', values: ['b', 'a'] }, true],
  [{ key: 'team', values: ['A'] }, false],
  [{ key: 'stage', values: [''] }, true],
  [{ key: 'other', values: ['a'], exists: false }, false],
])('a tag condition %o: %s', (condition, expected) => {
  const tags = [
    { Key: 'team', Value: 'a' },
    { Key: 'stage', Value: '' },
  ];
  expect(tagsMatch([condition])(tags)).toBe(expected);
});

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

const handshakes: readonly aws.Handshake[] = [
  {
    Id: 'h-invite00',
    Action: 'INVITE',
    State: 'REQUESTED',
    RequestedTimestamp: day('2026-11-02'),
    ExpirationTimestamp: day('2026-11-17'),
    Parties: [
      { Type: 'ORGANIZATION', Id: 'exampleorgid' },
      { Type: 'EMAIL', Id: 'Juan@example.com' },
    ],
    Resources: [
      { Type: 'ORGANIZATION', Value: 'o-exampleorgid', Resources: [{ Type: 'MASTER_NAME', Value: 'Northwind' }] },
      { Type: 'NOTES', Value: 'ticket 42' },
    ],
  },
  {
    Id: 'h-approve1',
    Action: 'APPROVE_ALL_FEATURES',
    State: 'OPEN',
    RequestedTimestamp: day('2026-11-01'),
    ExpirationTimestamp: day('2026-11-17'),
    Resources: [{ Type: 'PARENT_HANDSHAKE', Value: 'h-parent00' }],
  },
  {
    Id: 'h-transfer',
    Action: 'TRANSFER_RESPONSIBILITY',
    State: 'ACCEPTED',
    RequestedTimestamp: day('2026-10-01'),
    ExpirationTimestamp: day('2026-12-31'),
    Resources: [
      {
        Type: 'RESPONSIBILITY_TRANSFER',
        Value: 'rt-12345678',
        Resources: [{ Type: 'TRANSFER_TYPE', Value: 'BILLING' }],
      },
    ],
  },
];

test.each<[HandshakeFilter, readonly string[]]>([
  [{}, ['h-approve1', 'h-invite00', 'h-transfer']],
  [{ actionType: 'INVITE' }, ['h-invite00']],
  [{ parentHandshakeId: 'h-parent00' }, ['h-approve1']],
  [{ states: ['OPEN', 'ACCEPTED'] }, ['h-approve1', 'h-transfer']],
  [{ states: [] }, []],
  [{ expiresBefore: day('2026-11-17') }, []],
  [{ expiresBefore: day('2026-11-18') }, ['h-approve1', 'h-invite00']],
  [{ text: 'H-T' }, ['h-transfer']],
  [{ text: 'juan@' }, ['h-invite00']],
  [{ text: 'NORTHWIND' }, ['h-invite00']],
  [{ text: 'RT-1234' }, ['h-transfer']],
  [{ text: 'ticket' }, []],
  [{ text: 'billing' }, []],
  [{ text: 'h-', actionType: 'INVITE' }, ['h-invite00']],
])('handshakes with %o', (filter, ids) => {
  expect(
    handshakes
      .filter(handshakeMatches(filter))
      .map(({ Id }) => Id)
      .toSorted(),
  ).toEqual(ids);
  const kept = new FakeKept();
  kept.fill(
    'accountHandshakes',
    handshakes.map((handshake) => [handshake.Id ?? '', handshake]),
  );
  using copy = createCopy(kept);
  const list = copy.reader(wall(0)).handshakes('accountHandshakes', filter, undefined);
  expect(list?.after(undefined, 10).map(({ Id }) => Id)).toEqual(ids);
});

test.each([
  ['EXPIRES', 'ASC', ['h-approve1', 'h-invite00', 'h-transfer']],
  ['EXPIRES', 'DESC', ['h-transfer', 'h-approve1', 'h-invite00']],
  ['REQUESTED', 'ASC', ['h-transfer', 'h-approve1', 'h-invite00']],
  ['REQUESTED', 'DESC', ['h-invite00', 'h-approve1', 'h-transfer']],
] as const)('handshakes ordered by %s %s', (field, direction, ids) => {
  const kept = new FakeKept();
  kept.fill(
    'organizationHandshakes',
    handshakes.map((handshake) => [handshake.Id ?? '', handshake]),
  );
  using copy = createCopy(kept);
  const list = copy.reader(wall(0)).handshakes('organizationHandshakes', {}, { field, direction });
  expect(list?.after(undefined, 10).map(({ Id }) => Id)).toEqual(ids);
});

const transfer = (
  Id: string,
  Status: aws.ResponsibilityTransferStatus,
  start: string,
  end?: string,
): aws.ResponsibilityTransfer => ({
  Id,
  Status,
  Name: `Customer ${Id}`,
  Source: { ManagementAccountId: '444444444444', ManagementAccountEmail: 'Ana@customer.example' },
  StartTimestamp: day(start),
  ...(end !== undefined && { EndTimestamp: new Date(end) }),
});

const transfers = [
  transfer('rt-accepted', 'ACCEPTED', '2026-11-01'),
  transfer('rt-declined', 'DECLINED', '2026-11-01'),
  transfer('rt-requested', 'REQUESTED', '2026-12-01'),
  transfer('rt-unbegun', 'WITHDRAWN', '2026-12-01', '2026-12-01T00:00:00Z'),
  transfer('rt-withdrawn', 'WITHDRAWN', '2026-10-01', '2026-11-30T23:59:59.999Z'),
];

test.each<[ResponsibilityTransferFilter, readonly string[]]>([
  [{ statuses: ['ACCEPTED', 'DECLINED'] }, ['rt-accepted', 'rt-declined']],
  [{ text: 'customer RT-W' }, ['rt-withdrawn']],
  [{ text: 'ANA@' }, transfers.map(({ Id }) => Id ?? '')],
  [{ text: '4444', startsInMonth: '2026-10' }, ['rt-withdrawn']],
  [{ startsInMonth: '2026-12' }, ['rt-requested', 'rt-unbegun']],
  [{ endsInMonth: '2026-11' }, ['rt-withdrawn']],
  [{ endsInMonth: '2026-12' }, ['rt-unbegun']],
  [{ billedInMonth: '2026-09' }, []],
  [{ billedInMonth: '2026-10' }, ['rt-withdrawn']],
  [{ billedInMonth: '2026-11' }, ['rt-accepted', 'rt-withdrawn']],
  [{ billedInMonth: '2026-12' }, ['rt-accepted']],
  [{ billedInMonth: '2030-01' }, ['rt-accepted']],
])('transfers with %o', (filter, ids) => {
  expect(transfers.filter(responsibilityTransferMatches(filter)).map(({ Id }) => Id)).toEqual(ids);
  const kept = new FakeKept();
  kept.fill(
    'inboundResponsibilityTransfers',
    transfers.map((one) => [one.Id ?? '', one]),
  );
  using copy = createCopy(kept);
  const list = copy.reader(wall(0)).responsibilityTransfers('inboundResponsibilityTransfers', filter);
  expect(list?.after(undefined, 10).map(({ Id }) => Id)).toEqual(ids);
});

test.each(['2026-13', '2026-00', '2026-1', '2026', '2026-01-01', ' 2026-01', ''])('"%s" is not a month', (text) => {
  expect(isMonth(text)).toBe(false);
  expect(() => responsibilityTransferMatches({ billedInMonth: text })).toThrow(
    `"${text}" is not a month. Months are written YYYY-MM, such as 2026-12.`,
  );
});
