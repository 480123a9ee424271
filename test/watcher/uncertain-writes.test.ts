import { expect, it } from 'vitest';
import type { CompletedWrite, UncertainWrite } from '../../src/upstream/index.ts';
import { settleMs } from '../../src/watcher/list-state.ts';
import { failure } from './support/index.ts';
import { createKept, untilComplete } from './support/kept.ts';

const id = '100000000001';

const createComplete = async () => {
  const kept = createKept();
  kept.world.addAccount(1);
  const copy = kept.open();
  await untilComplete(kept.clock, copy, 'accounts', 'policyAttachments', 'tags', 'organizationHandshakes');
  kept.upstream.take();
  return { ...kept, copy };
};

/** A write whose reply is lost. */
const loseReply = (
  { upstream, principal }: Pick<Awaited<ReturnType<typeof createComplete>>, 'upstream' | 'principal'>,
  write: Pick<CompletedWrite, 'operation' | 'input'>,
) => upstream.notify({ principal, ...write } satisfies UncertainWrite);

const move = { operation: 'MoveAccount', input: { AccountId: id, DestinationParentId: 'r-root' } } as const;

it('makes the lists that it may have changed unusable, and reads them at once and when they have settled', async () => {
  const kept = await createComplete();
  const { copy, clock, upstream } = kept;
  loseReply(kept, move);
  expect(copy.list('accounts').changedAt).toBe(clock.wallMs());
  expect(copy.list('tags').changedAt).toBeUndefined();
  await clock.advance(1_000);
  expect(upstream.take()).toMatchObject([{ operation: 'DescribeAccount', input: { AccountId: id } }]);
  await clock.advance(settleMs);
  expect(upstream.count('DescribeAccount')).toBe(1);
  expect(copy.list('accounts').changedAt).toBeUndefined();
  copy.release();
});

it('leaves the lists unusable until they can be read', async () => {
  const kept = await createComplete();
  const { copy, clock, upstream } = kept;
  upstream.failing = ({ operation }) =>
    operation === 'DescribeAccount' || operation === 'ListAccounts'
      ? failure('UPSTREAM_UNAVAILABLE', operation, true)
      : undefined;
  loseReply(kept, move);
  const changedAt = copy.list('accounts').changedAt;
  await clock.advance(10 * settleMs);
  expect(copy.list('accounts').changedAt).toBe(changedAt);
  upstream.failing = () => undefined;
  copy.refresh(['accounts']);
  await clock.advance(60_000);
  expect(copy.list('accounts').changedAt).toBeUndefined();
  copy.release();
});

it('polls the watched lists that it may have changed', async () => {
  const kept = await createComplete();
  const { copy, clock, upstream } = kept;
  loseReply(kept, { operation: 'CancelHandshake', input: { HandshakeId: 'h-examplehandshakeid111' } });
  for (const list of ['organizationHandshakes', 'accountHandshakes', 'inboundResponsibilityTransfers'] as const)
    expect(copy.list(list).changedAt, list).toBe(clock.wallMs());
  expect(copy.list('accounts').changedAt).toBeUndefined();
  await clock.advance(1_000);
  expect(upstream.count('ListHandshakesForOrganization')).toBe(1);
  await clock.advance(2 * settleMs);
  expect(copy.list('organizationHandshakes').changedAt).toBeUndefined();
  copy.release();
});

it('makes all lists unusable if the principal may be in another organization', async () => {
  const kept = await createComplete();
  const { copy, clock } = kept;
  loseReply(kept, { operation: 'LeaveOrganization', input: {} });
  for (const list of ['organization', 'roots', 'accounts', 'tags', 'organizationHandshakes'] as const)
    expect(copy.list(list).changedAt, list).toBe(clock.wallMs());
  copy.release();
});
