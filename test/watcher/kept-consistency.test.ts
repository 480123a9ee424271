import { describe, expect, it } from 'vitest';
import { failure } from './support/index.ts';
import { createKept, idsOf, untilComplete } from './support/kept.ts';

const minute = 60_000;

/** A complete copy of an organization with accounts 0 to `accounts` - 1. */
const createComplete = async (accounts: number) => {
  const kept = createKept();
  const { clock, world, upstream } = kept;
  for (let number = 0; number < accounts; number += 1) world.addAccount(number);
  const copy = kept.open();
  await untilComplete(clock, copy, 'accounts', 'policyAttachments', 'tags', 'enabledServices');
  upstream.take();
  /** Starts a sweep of the accounts and lets it end. */
  const sweep = async () => {
    copy.refresh(['accounts']);
    await clock.advance(minute);
  };
  return { ...kept, copy, sweep };
};

const idOf = (number: number) => String(100_000_000_000 + number);

describe('an object that a sweep does not show', () => {
  it('is removed when a Describe call confirms it', async () => {
    const { copy, world, upstream, sweep } = await createComplete(45);
    world.accounts.delete(idOf(7));
    await sweep();
    expect(upstream.count('DescribeAccount')).toBe(1);
    expect(copy.list('accounts').objects?.has(idOf(7))).toBe(false);
    copy.release();
  });

  it('stays when it has moved between two pages', async () => {
    const { copy, world, upstream, sweep } = await createComplete(45);
    const moved = world.accounts.get(idOf(30));
    upstream.answering = ({ operation, input }) => {
      if (operation !== 'ListAccounts' || !('NextToken' in input) || moved === undefined) return;
      // From the second page to the first, which was read already.
      world.accounts.delete(idOf(30));
      const others = [...world.accounts];
      world.accounts.clear();
      for (const [id, account] of [[idOf(30), moved] as const, ...others]) world.accounts.set(id, account);
    };
    await sweep();
    expect(upstream.count('DescribeAccount')).toBeGreaterThan(0);
    expect(idsOf(copy, 'accounts')).toHaveLength(45);
    copy.release();
  });

  it('is removed after a second read of its list when more than 50 are missing', async () => {
    const { copy, world, upstream, sweep } = await createComplete(120);
    for (let number = 0; number < 60; number += 1) world.accounts.delete(idOf(number));
    await sweep();
    expect(upstream.count('DescribeAccount')).toBe(0);
    expect(upstream.count('ListAccounts')).toBe(3 + 3);
    expect(idsOf(copy, 'accounts')).toHaveLength(60);
    copy.release();
  });

  it('stays when a second read shows it', async () => {
    const { copy, world, clock, upstream } = await createComplete(1);
    world.services.add('sso.amazonaws.com');
    copy.refresh(['enabledServices']);
    await clock.advance(minute);
    let isHidden = true;
    upstream.answering = ({ operation }) => {
      if (operation !== 'ListAWSServiceAccessForOrganization') return;
      if (isHidden) world.services.clear();
      else world.services.add('sso.amazonaws.com');
      isHidden = false;
    };
    upstream.take();
    copy.refresh(['enabledServices']);
    await clock.advance(minute);
    expect(upstream.count('ListAWSServiceAccessForOrganization')).toBe(2);
    expect(idsOf(copy, 'enabledServices')).toEqual(['sso.amazonaws.com']);
    copy.release();
  });

  it('takes the tags of a removed account with it', async () => {
    const { copy, world, sweep } = await createComplete(3);
    world.accounts.delete(idOf(1));
    await sweep();
    expect(idsOf(copy, 'tags')).not.toContain(idOf(1));
    expect(idsOf(copy, 'tags')).toContain(idOf(2));
    copy.release();
  });
});

describe('a list that AWS refuses', () => {
  it('is unavailable, never empty, and does not stop the others', async () => {
    const { open, clock, upstream, world } = createKept();
    world.addAccount(1);
    upstream.failing = ({ operation }) =>
      operation === 'DescribeResourcePolicy' ? failure('AccessDeniedException', operation, false) : undefined;
    const copy = open();
    await untilComplete(clock, copy, 'accounts', 'tags');
    const { state, objects, error } = copy.list('resourcePolicy');
    expect([state, objects]).toEqual(['UNAVAILABLE', undefined]);
    expect(error?.message).toContain('AccessDeniedException');
    expect(upstream.count('DescribeResourcePolicy')).toBe(1);
    copy.release();
  });

  it.each([
    ['ListRoots', ['organizationalUnits', 'policies']],
    ['ListPolicies', ['policyAttachments', 'policyContents']],
  ] as const)('makes lists unavailable whose parts it determines: %s', async (refused, lists) => {
    const { open, clock, upstream, world } = createKept();
    world.addAccount(1);
    upstream.failing = ({ operation }) =>
      operation === refused ? failure('AccessDeniedException', operation, false) : undefined;
    const copy = open();
    await untilComplete(clock, copy, 'accounts', 'tags');
    for (const list of lists) {
      const { state, objects, error } = copy.list(list);
      expect([list, state, objects]).toEqual([list, 'UNAVAILABLE', undefined]);
      expect(error?.message).toContain(refused);
    }
    copy.release();
  });

  it('keeps its objects, and is read again after its maximum age', async () => {
    const { copy, clock, upstream, sweep } = await createComplete(25);
    upstream.failing = ({ operation }) =>
      operation === 'ListAccounts' ? failure('AccessDeniedException', operation, false) : undefined;
    await sweep();
    expect(copy.list('accounts').state).toBe('UNAVAILABLE');
    expect(idsOf(copy, 'accounts')).toHaveLength(25);
    upstream.failing = () => undefined;
    await clock.advance(16 * minute);
    expect(copy.list('accounts').state).toBe('READY');
    copy.release();
  });
});

describe('a page that fails', () => {
  it('is read again at the same place', async () => {
    const { open, clock, upstream, world } = createKept();
    for (let number = 0; number < 45; number += 1) world.addAccount(number);
    let failures = 0;
    upstream.failing = ({ operation, input }) => {
      if (operation !== 'ListAccounts' || !('NextToken' in input) || failures === 2) return undefined;
      failures += 1;
      return failure('ServiceException', operation, true);
    };
    const copy = open();
    await untilComplete(clock, copy, 'accounts');
    expect(upstream.count('ListAccounts')).toBe(3 + 2);
    expect(idsOf(copy, 'accounts')).toHaveLength(45);
    copy.release();
  });
});

describe('a change', () => {
  it('is passed on with the object before and after it', async () => {
    const { copy, world, sweep } = await createComplete(25);
    const changes: unknown[] = [];
    copy.onChange((change) => changes.push(change));
    world.addAccount(3, { Name: 'New' });
    await sweep();
    const accounts = new Map([
      [
        idOf(3),
        { before: expect.objectContaining({ Name: 'Account 3' }), after: expect.objectContaining({ Name: 'New' }) },
      ],
    ]);
    expect(changes).toEqual([{ list: 'accounts', changes: accounts }]);
    copy.release();
  });
});

describe('another organization', () => {
  it('replaces all lists, and none of the old objects is left', async () => {
    const { copy, world, clock, upstream } = await createComplete(25);
    const lists = new Set<string>();
    copy.onChange(({ list, changes }) => changes === undefined && lists.add(list));
    world.organizationId = 'o-two';
    world.accounts.clear();
    world.addAccount(99);
    copy.refresh(['organization']);
    await clock.advance(minute);
    expect(copy.organizationId).toBe('o-two');
    expect(idsOf(copy, 'accounts')).toEqual([idOf(99)]);
    expect(lists).toContain('accounts');
    expect(upstream.count('DescribeAccount')).toBe(0);
    copy.release();
  });

  it('leaves unavailable lists when the account has left its organization', async () => {
    const { copy, world, clock } = await createComplete(5);
    world.organizationId = '';
    copy.refresh(['organization']);
    await clock.advance(minute);
    expect(copy.organizationId).toBeUndefined();
    expect(copy.list('accounts').state).toBe('UNAVAILABLE');
    copy.release();
  });
});

describe('a released copy', () => {
  it('leaves no timer and no call', async () => {
    const { open, clock, upstream, world } = createKept();
    for (let number = 0; number < 45; number += 1) world.addAccount(number);
    const copy = open();
    await clock.advance(1_000);
    copy.release();
    await clock.advance(0);
    expect([clock.pending, upstream.inFlight]).toEqual([0, 0]);
  });
});

describe('the age of a list', () => {
  it('stays below its maximum while sweeps go on', async () => {
    const { copy, clock } = await createComplete(45);
    for (let passed = 0; passed < 180; passed += 1) {
      await clock.advance(minute / 2);
      expect(copy.list('accounts').state).toBe('READY');
      expect(copy.list('organizationHandshakes').state).toBe('READY');
      expect(copy.list('tags').state).toBe('READY');
    }
    copy.release();
  });
});
