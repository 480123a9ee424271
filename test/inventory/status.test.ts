import { describe, expect, test } from 'vitest';
import { createCopy } from '../../src/inventory/index.ts';
import type { KeptListName, KeptState } from '../../src/watcher/kept-types.ts';
import { FakeKept, wall } from './support/fake-kept.ts';

function keptIn(states: { readonly [L in KeptListName]?: KeptState } = {}): FakeKept {
  const kept = new FakeKept();
  for (const name of Object.keys(kept.lists) as KeptListName[]) {
    const state = states[name] ?? 'READY';
    const isRead = state === 'READY' || state === 'STALE';
    Object.assign(kept.lists[name], { state, asOf: isRead ? wall(2_000) : undefined, progress: isRead ? 1 : 0 });
  }
  return kept;
}

test('the status names the lists of the copy', () => {
  using copy = createCopy(keptIn());
  expect(copy.status.lists.map(({ name }) => name)).toEqual([
    'accounts',
    'organizationalUnits',
    'policies',
    'policyAttachments',
    'policyContents',
    'tags',
    'delegatedAdministrators',
    'enabledServices',
    'resourcePolicy',
    'organizationHandshakes',
    'accountHandshakes',
    'inboundResponsibilityTransfers',
    'outboundResponsibilityTransfers',
    'createAccountStatuses',
  ]);
});

test('the status omits the lists that the settings switch off', () => {
  using copy = createCopy(keptIn({ tags: 'LOADING', policyContents: 'LOADING' }), {
    tags: false,
    policyContents: false,
  });
  const names = copy.status.lists.map(({ name }) => name);
  expect(names).not.toContain('tags');
  expect(names).not.toContain('policyContents');
  expect(copy.status).toMatchObject({ state: 'READY', asOf: 2_000, progress: 1 });
});

describe.each<[string, { readonly [L in KeptListName]?: KeptState }, KeptState]>([
  ['all lists are ready', {}, 'READY'],
  ['a list is older than its maximum age', { tags: 'STALE' }, 'STALE'],
  ['a list was never read completely', { tags: 'LOADING', policies: 'STALE' }, 'LOADING'],
  ['AWS refuses the accounts', { accounts: 'UNAVAILABLE', tags: 'LOADING' }, 'UNAVAILABLE'],
  ['AWS refuses the organization', { organization: 'UNAVAILABLE' }, 'UNAVAILABLE'],
  ['AWS refuses the roots', { roots: 'UNAVAILABLE' }, 'UNAVAILABLE'],
  ['AWS refuses another list', { createAccountStatuses: 'UNAVAILABLE' }, 'READY'],
])('when %s', (_name, states, expected) => {
  test(`the copy is ${expected}`, () => {
    using copy = createCopy(keptIn(states));
    expect(copy.status.state).toBe(expected);
  });
});

test('the copy is as old as its oldest list', () => {
  const kept = keptIn();
  kept.lists.roots.asOf = wall(1_000);
  using copy = createCopy(kept);
  expect(copy.status.asOf).toBe(1_000);
  kept.lists.tags.asOf = undefined;
  expect(copy.status.asOf).toBeUndefined();
});

test('a list counts toward the progress with the calls of its last sweep', () => {
  const kept = keptIn();
  for (const list of Object.values(kept.lists)) list.calls = 1;
  Object.assign(kept.lists.tags, { calls: 15, progress: 0.5 });
  using copy = createCopy(kept);
  expect(copy.status.progress).toBe(22.5 / 30);
});

test('a list reports its objects, its calls, its next sweep and its error', () => {
  const kept = keptIn();
  kept.fill('tags', [['r-demo', { ResourceId: 'r-demo', Tags: [] }]], wall(3_000));
  Object.assign(kept.lists.tags, {
    calls: 7,
    progress: 0.5,
    nextRefreshAt: wall(9_000),
    error: new Error('AWS is not reachable'),
  });
  using copy = createCopy(kept);
  expect(copy.status.lists.find(({ name }) => name === 'tags')).toEqual({
    name: 'tags',
    state: 'READY',
    asOf: 3_000,
    nextRefreshAt: 9_000,
    progress: 0.5,
    objects: 1,
    calls: 7,
    error: 'AWS is not reachable',
  });
  expect(copy.reader(wall(0)).size('tags')).toBe(1);
  expect(copy.reader(wall(0)).size('accounts')).toBeUndefined();
});
