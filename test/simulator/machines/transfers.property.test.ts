import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS } from '../../../src/simulator/world/durations.ts';
import { monthStart } from '../../../src/simulator/world/months.ts';
import { runs } from '../../support/runs.ts';
import { type Driver, verdict, withWorld } from './driver.ts';
import { findBrokenInvariants } from './invariants.ts';

const accounts = ['100000000001', '100000000002', '100000000003'];
const quotas = { accounts: 10, inboundTransfers: 2, outboundTransfers: 1, aggregateTransfers: 2 };

interface Known {
  readonly handshakeId: string;
  readonly transferId: string;
  readonly payer: string;
  readonly source: string;
  readonly startAt: number;
  status: 'REQUESTED' | 'ACCEPTED' | 'DECLINED' | 'CANCELED' | 'EXPIRED' | 'WITHDRAWN';
  answeredAt?: number;
}

const constraint = 'ConstraintViolationException';
const handshakeConstraint = 'HandshakeConstraintViolationException';

class Model {
  readonly transfers: Known[] = [];
  readonly transferChain: number;

  constructor(transferChain: number) {
    this.transferChain = transferChain;
  }

  active = (payer: string) =>
    this.transfers.filter((one) => one.payer === payer && ['REQUESTED', 'ACCEPTED'].includes(one.status));
  outbound = (source: string) => this.transfers.filter((one) => one.source === source && one.status === 'ACCEPTED');
  inbound = (payer: string) => this.transfers.filter((one) => one.payer === payer && one.status === 'ACCEPTED');

  /** Ids of the organizations that pass on a bill from this one, to the last payer. */
  payers = (first: string): string[] => {
    const [next] = this.outbound(first);
    return next ? [first, ...this.payers(next.payer)] : [first];
  };
  levelsBelow = (payer: string): number =>
    Math.max(0, ...this.inbound(payer).map(({ source }) => 1 + this.levelsBelow(source)));
  countBelow = (payer: string): number =>
    this.inbound(payer).reduce((count, { source }) => count + 1 + this.countBelow(source), 0);

  tick(now: number): void {
    for (const one of this.transfers) {
      if (one.status !== 'REQUESTED' || one.startAt - DAY_MS > now) continue;
      one.status = 'EXPIRED';
      one.answeredAt = one.startAt - DAY_MS;
    }
  }

  invite(payer: string, source: string): string {
    if (payer === source) return `${handshakeConstraint} SOURCE_AND_TARGET_CANNOT_MATCH`;
    if (this.payers(payer).includes(source)) return `${handshakeConstraint} RESPONSIBILITY_TRANSFER_ALREADY_EXISTS`;
    if (this.inbound(payer).some((one) => one.source === source))
      return `${handshakeConstraint} RESPONSIBILITY_TRANSFER_ALREADY_EXISTS`;
    if (this.active(payer).some((one) => one.source === source)) return 'DuplicateHandshakeException';
    if (this.active(payer).length >= quotas.inboundTransfers) {
      return `${constraint} RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION`;
    }
    return this.payers(payer).length > this.transferChain
      ? `${constraint} RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION`
      : 'done';
  }

  answer(one: Known, caller: string, wanted: 'ACCEPTED' | 'DECLINED' | 'CANCELED', now: number): string {
    if (one.answeredAt !== undefined && one.answeredAt + 30 * DAY_MS <= now) return 'HandshakeNotFoundException';
    if (caller !== one.payer && caller !== one.source) return 'HandshakeNotFoundException';
    if ((wanted === 'CANCELED') !== (caller === one.payer)) return 'AccessDeniedException';
    const state = one.status === 'WITHDRAWN' ? 'ACCEPTED' : one.status;
    if (state === wanted) return 'HandshakeAlreadyInStateException';
    if (state !== 'REQUESTED') return 'InvalidHandshakeTransitionException';
    if (wanted !== 'ACCEPTED') return 'done';
    if (this.outbound(caller).length > 0) return `${constraint} RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION`;
    const payers = this.payers(one.payer);
    // The bill would return to its own organization.
    if (payers.includes(caller)) return `${handshakeConstraint} RESPONSIBILITY_TRANSFER_ALREADY_EXISTS`;
    for (const [levels, payer] of payers.entries()) {
      if (this.levelsBelow(caller) + 1 + levels > this.transferChain) {
        return `${constraint} RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION`;
      }
      if (this.countBelow(payer) + 1 + this.countBelow(caller) > quotas.aggregateTransfers) {
        return `${constraint} RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION`;
      }
    }
    return 'done';
  }

  terminate(one: Known, caller: string, now: number): string {
    const gone = !['ACCEPTED', 'WITHDRAWN'].includes(one.status) && (one.answeredAt ?? now) + 30 * DAY_MS <= now;
    if (gone || (caller !== one.payer && caller !== one.source)) return 'ResponsibilityTransferNotFoundException';
    if (one.status === 'WITHDRAWN') return 'ResponsibilityTransferAlreadyInStatusException';
    return one.status === 'ACCEPTED' ? 'done' : 'InvalidResponsibilityTransferTransitionException';
  }
}

type Step = (driver: Driver, model: Model) => Promise<void>;
const who = fc.constantFrom(...accounts);

const invite = fc.tuple(who, who).map(
  ([payer, source]): Step =>
    async (driver, model) => {
      // A transfer can always start in the month after next.
      const startAt = monthStart(driver.now, 2);
      const outcome = await driver.call(payer, 'InviteOrganizationToTransferResponsibility', {
        Type: 'BILLING',
        Target: { Type: 'ACCOUNT', Id: source },
        StartTimestamp: startAt / 1000,
        SourceName: `Bill of ${source}`,
      });
      expect(verdict(outcome)).toBe(model.invite(payer, source));
      if (outcome.error) return;
      const handshake = outcome.output['Handshake'] as { Id: string; Resources: { Value: string }[] };
      const transferId = handshake.Resources[0]?.Value ?? '';
      model.transfers.push({ handshakeId: handshake.Id, transferId, payer, source, startAt, status: 'REQUESTED' });
    },
);

const answers = { ACCEPTED: 'AcceptHandshake', DECLINED: 'DeclineHandshake', CANCELED: 'CancelHandshake' } as const;
const answer = fc
  .tuple(
    fc.constantFrom('ACCEPTED', 'ACCEPTED', 'DECLINED', 'CANCELED'),
    fc.nat(),
    fc.constantFrom('payer', 'source', ...accounts),
  )
  .map(
    ([wanted, index, by]): Step =>
      async (driver, model) => {
        const one = model.transfers[index % model.transfers.length];
        if (!one) return;
        const caller = by === 'payer' ? one.payer : by === 'source' ? one.source : by;
        const outcome = await driver.call(caller, answers[wanted], { HandshakeId: one.handshakeId });
        expect(verdict(outcome)).toBe(model.answer(one, caller, wanted, driver.now));
        if (outcome.error) return;
        one.status = wanted;
        one.answeredAt = driver.now;
      },
  );

const terminate = fc.tuple(fc.nat(), who).map(
  ([index, caller]): Step =>
    async (driver, model) => {
      const one = model.transfers[index % model.transfers.length];
      if (!one) return;
      const outcome = await driver.call(caller, 'TerminateResponsibilityTransfer', { Id: one.transferId });
      expect(verdict(outcome)).toBe(model.terminate(one, caller, driver.now));
      if (outcome.error === undefined) one.status = 'WITHDRAWN';
    },
);

const wait = fc.constantFrom(1, 10, 31, 62).map(
  (days): Step =>
    async (driver) =>
      driver.advance(days * DAY_MS),
);

test('transfers follow the rules on both sides, in any order of steps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, 2, 3),
      fc.array(
        fc.oneof(
          { arbitrary: answer, weight: 5 },
          { arbitrary: invite, weight: 4 },
          { arbitrary: terminate, weight: 2 },
          wait,
        ),
        {
          minLength: 10,
          maxLength: 40,
        },
      ),
      (transferChain, steps) =>
        withWorld({ settings: { quotas: { ...quotas, transferChain } } }, async (driver) => {
          const model = new Model(transferChain);
          for (const account of accounts) await driver.call(account, 'CreateOrganization');
          for (const step of steps) {
            await step(driver, model);
            model.tick(driver.now);
            expect(findBrokenInvariants(driver.simulator.world)).toEqual([]);
          }
          for (const { payer, source, transferId, status, answeredAt } of model.transfers) {
            const alive =
              ['REQUESTED', 'ACCEPTED', 'WITHDRAWN'].includes(status) || (answeredAt ?? 0) + 30 * DAY_MS > driver.now;
            for (const side of [payer, source]) {
              const { output, error } = await driver.call(side, 'DescribeResponsibilityTransfer', { Id: transferId });
              if (alive) expect(output).toMatchObject({ ResponsibilityTransfer: { Status: status } });
              else expect(error).toBe('ResponsibilityTransferNotFoundException');
            }
          }
        }),
    ),
    { numRuns: runs(60) },
  );
});
