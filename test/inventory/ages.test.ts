import { describe, expect, test } from 'vitest';
import { type CopyReader, createCopy } from '../../src/inventory/index.ts';
import type { WallMs } from '../../src/upstream/index.ts';
import type { KeptListName } from '../../src/watcher/kept-types.ts';
import { FakeKept, wall } from './support/fake-kept.ts';

const account = { Id: '111111111111', Name: 'Payer', Paths: ['o-exampleorgid/r-demo/111111111111/'] };
const policy = { Id: 'p-aaaaaaaa', Type: 'SERVICE_CONTROL_POLICY' } as const;
const root = {
  Id: 'r-demo',
  Name: 'Root',
  PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
} as const;
const tags = { ResourceId: account.Id, Tags: [{ Key: 'team', Value: 'a' }] };
const content = { PolicyId: policy.Id, Content: '{}' };
const attachment = { PolicyId: policy.Id, TargetId: account.Id };

/** Lists that were read at different times: the later in this order, the later. */
function keptAt(times: { readonly [L in KeptListName]?: number } = {}): FakeKept {
  const kept = new FakeKept();
  const at = (list: KeptListName): WallMs => wall(times[list] ?? 5_000);
  kept.fill('organization', [['o-exampleorgid', { Id: 'o-exampleorgid' }]], at('organization'));
  kept.fill('roots', [[root.Id, { ...root, PolicyTypes: [...root.PolicyTypes] }]], at('roots'));
  kept.fill('accounts', [[account.Id, account]], at('accounts'));
  kept.fill('organizationalUnits', [], at('organizationalUnits'));
  kept.fill('policies', [[policy.Id, policy]], at('policies'));
  kept.fill('policyAttachments', [[`${account.Id}/${policy.Id}`, attachment]], at('policyAttachments'));
  kept.fill('policyContents', [[policy.Id, content]], at('policyContents'));
  kept.fill('tags', [[account.Id, tags]], at('tags'));
  for (const list of [
    'organizationHandshakes',
    'accountHandshakes',
    'inboundResponsibilityTransfers',
    'outboundResponsibilityTransfers',
  ] as const)
    kept.fill(list, [], at(list));
  return kept;
}

type Read = readonly [
  name: string,
  lists: readonly KeptListName[],
  read: (reader: CopyReader) => { readonly asOf: WallMs } | undefined,
];

/** Each read with all lists that its result consists of. */
const reads: readonly Read[] = [
  ['accounts', ['accounts'], (reader) => reader.accounts({})],
  ['accounts with a tag', ['accounts', 'tags'], (reader) => reader.accounts({ filter: { tags: [{ key: 'team' }] } })],
  [
    'accounts that a policy reaches',
    ['accounts', 'policyAttachments'],
    (reader) => reader.accounts({ filter: { policy: { id: policy.Id, applies: true } } }),
  ],
  ['units', ['organizationalUnits'], (reader) => reader.organizationalUnits({})],
  [
    'units with a tag',
    ['organizationalUnits', 'tags'],
    (reader) => reader.organizationalUnits({ tags: [{ key: 'team' }] }),
  ],
  ['handshakes', ['organizationHandshakes'], (reader) => reader.handshakes('organizationHandshakes', {}, undefined)],
  [
    'transfers',
    ['inboundResponsibilityTransfers'],
    (reader) => reader.responsibilityTransfers('inboundResponsibilityTransfers', {}),
  ],
  ['a list of AWS', ['roots'], (reader) => reader.list('ListRoots', {})],
  [
    'the targets of a policy',
    ['policies', 'policyAttachments', 'accounts', 'organizationalUnits', 'roots'],
    (reader) => reader.reply('ListTargetsForPolicy', { PolicyId: policy.Id }),
  ],
  [
    'the policies of a target',
    ['policies', 'policyAttachments', 'roots', 'accounts'],
    (reader) => reader.reply('ListPoliciesForTarget', { TargetId: account.Id, Filter: policy.Type }),
  ],
  ['a count', ['accounts', 'roots'], (reader) => reader.accountCount(root.Id, true)],
  ['the ancestors of an account', ['accounts'], (reader) => reader.ancestors(account.Id)],
  ['a described account', ['accounts'], (reader) => reader.reply('DescribeAccount', { AccountId: account.Id })],
  [
    'a described policy',
    ['policies', 'policyContents'],
    (reader) => reader.reply('DescribePolicy', { PolicyId: policy.Id }),
  ],
];

describe.each(reads)('%s', (_name, lists, read) => {
  const readerOf = (kept: FakeKept, oldest = 0) => createCopy(kept).reader(wall(oldest));

  test.each(lists)('are as old as the list %s, if that is the oldest', (list) => {
    expect(read(readerOf(keptAt({ [list]: 1_000 })))?.asOf).toBe(1_000);
  });

  test('do not depend on other lists', () => {
    const kept = keptAt(Object.fromEntries(lists.map((list) => [list, 7_000])));
    expect(read(readerOf(kept))?.asOf).toBe(7_000);
  });

  test.each(lists)('are not answered if the list %s is older than allowed', (list) => {
    const kept = keptAt({ [list]: 1_000 });
    expect(read(readerOf(kept, 1_000))).toBeDefined();
    expect(read(readerOf(kept, 1_001))).toBeUndefined();
  });

  test.each(lists)('are not answered if a write may have changed the list %s since', (list) => {
    const kept = keptAt();
    kept.lists[list].changedAt = wall(5_000);
    expect(read(readerOf(kept))).toBeDefined();
    kept.lists[list].changedAt = wall(5_001);
    expect(read(readerOf(kept))).toBeUndefined();
  });

  test.each(lists)('are not answered if AWS refuses the list %s', (list) => {
    const kept = keptAt();
    kept.lists[list].state = 'UNAVAILABLE';
    expect(read(readerOf(kept))).toBeUndefined();
  });

  test.each(lists)('are not answered before the list %s was read completely', (list) => {
    const kept = keptAt();
    Object.assign(kept.lists[list], { state: 'LOADING', asOf: undefined, objects: undefined });
    expect(read(readerOf(kept))).toBeUndefined();
  });

  test.each(lists)('are answered from the stale list %s', (list) => {
    const kept = keptAt();
    kept.lists[list].state = 'STALE';
    expect(read(readerOf(kept))).toBeDefined();
  });
});

describe('one described object', () => {
  const describeAccount = (kept: FakeKept, oldest: number) =>
    createCopy(kept).reader(wall(oldest)).reply('DescribeAccount', { AccountId: account.Id });

  test('is as old as its own last read', () => {
    const kept = keptAt({ accounts: 1_000 });
    kept.change('accounts', [[account.Id, account]], wall(3_000));
    expect(describeAccount(kept, 2_000)).toEqual({ value: { Account: account }, asOf: 3_000 });
  });

  test('is not older than its list', () => {
    const kept = keptAt({ accounts: 1_000 });
    kept.lists.accounts.asOf = wall(4_000);
    expect(describeAccount(kept, 2_000)?.asOf).toBe(4_000);
  });

  test('is answered if it was read after the last write', () => {
    const kept = keptAt({ accounts: 1_000 });
    kept.lists.accounts.changedAt = wall(2_000);
    expect(describeAccount(kept, 0)).toBeUndefined();
    kept.change('accounts', [[account.Id, account]], wall(3_000));
    expect(describeAccount(kept, 0)?.asOf).toBe(3_000);
  });
});

test('a list keeps its items and order while the copy changes', () => {
  const kept = keptAt();
  using copy = createCopy(kept);
  const list = copy.reader(wall(0)).accounts({ orderBy: { field: 'NAME', direction: 'ASC' } });
  const other = { ...account, Id: '222222222222', Name: 'A' };
  kept.change('accounts', [[other.Id, other]]);
  expect(copy.reader(wall(0)).accounts({})?.length).toBe(2);
  expect(list?.after(undefined, 10)).toEqual([account]);
});

test('the cursors of another organization have another epoch', () => {
  const kept = keptAt();
  using copy = createCopy(kept);
  const epoch = () => copy.reader(wall(0)).accounts({})?.epoch;
  expect(epoch()).toBe('o-exampleorgid');
  kept.organizationId = 'o-otherorgid';
  expect(epoch()).toBe('o-otherorgid');
});
