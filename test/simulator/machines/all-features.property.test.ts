import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS } from '../../../src/simulator/world/durations.ts';
import { runs } from '../../support/runs.ts';
import { type Driver, idIn, verdict, withWorld } from './driver.ts';
import { findBrokenInvariants } from './invariants.ts';

const payer = '100000000001';
const members = ['200000000001', '200000000002', '200000000003'];

type State = 'OPEN' | 'REQUESTED' | 'ACCEPTED' | 'DECLINED' | 'CANCELED' | 'EXPIRED';

/** A model of the process: a parent handshake that waits for its children. */
class Model {
  present = new Set(members);
  children = new Map<string, { readonly id: string; state: State }>();
  parent: { readonly id: string; readonly expiresAt: number; state: State } | undefined;
  allFeatures = false;

  get running(): boolean {
    return this.parent?.state === 'OPEN' || this.parent?.state === 'REQUESTED';
  }

  settle(): void {
    if (this.parent?.state !== 'REQUESTED') return;
    const waiting = [...this.children].some(
      ([account, { state }]) => this.present.has(account) && state !== 'ACCEPTED',
    );
    if (!waiting) this.parent.state = 'OPEN';
  }

  end(state: State): void {
    if (this.parent) this.parent.state = state;
    for (const child of this.children.values()) {
      if (child.state === 'OPEN') child.state = state === 'EXPIRED' ? 'EXPIRED' : 'CANCELED';
    }
  }
}

type Step = (driver: Driver, model: Model) => Promise<void>;

const start = fc.constant<Step>(async (driver, model) => {
  const expected = model.allFeatures
    ? 'HandshakeConstraintViolationException ORGANIZATION_ALREADY_HAS_ALL_FEATURES'
    : model.running
      ? 'HandshakeConstraintViolationException ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION'
      : 'done';
  const outcome = await driver.call(payer, 'EnableAllFeatures');
  expect(verdict(outcome)).toBe(expected);
  if (outcome.error) return;
  const id = idIn(outcome, 'Handshake');
  model.parent = { id, expiresAt: driver.now + 90 * DAY_MS, state: 'REQUESTED' };
  const filter = { Filter: { ParentHandshakeId: id } };
  const { output } = await driver.call(payer, 'ListHandshakesForOrganization', filter);
  const sent = output['Handshakes'] as { Id: string; Action: string; Parties: { Id: string }[] }[];
  expect(sent.map(({ Parties }) => Parties[1]?.Id).sort()).toEqual([...model.present].sort());
  model.children = new Map(sent.map(({ Id, Parties }) => [Parties[1]?.Id ?? '', { id: Id, state: 'OPEN' as State }]));
});

const answers = { ACCEPTED: 'AcceptHandshake', DECLINED: 'DeclineHandshake' } as const;
const approve = fc
  .tuple(fc.constantFrom(...members), fc.constantFrom('ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'DECLINED'))
  .map(
    ([account, wanted]): Step =>
      async (driver, model) => {
        const child = model.children.get(account);
        if (!child) return;
        const expected =
          child.state === wanted
            ? 'HandshakeAlreadyInStateException'
            : child.state !== 'OPEN'
              ? 'InvalidHandshakeTransitionException'
              : 'done';
        const outcome = await driver.call(account, answers[wanted], { HandshakeId: child.id });
        if (outcome.error === 'HandshakeNotFoundException') return;
        expect(verdict(outcome)).toBe(expected);
        if (!outcome.error) child.state = wanted;
      },
  );

const finish = fc.constant<Step>(async (driver, model) => {
  if (!model.parent) return;
  const { id, state } = model.parent;
  const outcome = await driver.call(payer, 'AcceptHandshake', { HandshakeId: id });
  if (outcome.error === 'HandshakeNotFoundException') return;
  const expected =
    state === 'OPEN'
      ? 'done'
      : state === 'ACCEPTED'
        ? 'HandshakeAlreadyInStateException'
        : 'InvalidHandshakeTransitionException';
  expect(verdict(outcome)).toBe(expected);
  if (outcome.error) return;
  model.parent.state = 'ACCEPTED';
  model.allFeatures = true;
});

const cancel = fc.constant<Step>(async (driver, model) => {
  if (!model.running || !model.parent) return;
  expect(verdict(await driver.call(payer, 'CancelHandshake', { HandshakeId: model.parent.id }))).toBe('done');
  model.end('CANCELED');
});

const cancelApproval = fc.constantFrom(...members).map(
  (account): Step =>
    async (driver, model) => {
      const child = model.children.get(account);
      if (!model.running || child?.state !== 'OPEN') return;
      expect(verdict(await driver.call(payer, 'CancelHandshake', { HandshakeId: child.id }))).toBe('done');
      model.end('CANCELED');
    },
);

const leave = fc.constantFrom(...members).map(
  (account): Step =>
    async (driver, model) => {
      const expected = model.present.has(account) ? 'done' : 'AWSOrganizationsNotInUseException';
      expect(verdict(await driver.call(account, 'LeaveOrganization'))).toBe(expected);
      model.present.delete(account);
      const child = model.children.get(account);
      if (model.running && child?.state === 'OPEN') child.state = 'CANCELED';
    },
);

const wait = fc.constantFrom(1, 60, 100).map(
  (days): Step =>
    async (driver, model) => {
      driver.advance(days * DAY_MS);
      if (model.running && model.parent && model.parent.expiresAt <= driver.now) model.end('EXPIRED');
    },
);

test('the management account enables all features once every invited member has approved or left', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          start,
          { arbitrary: approve, weight: 5 },
          { arbitrary: finish, weight: 2 },
          cancel,
          cancelApproval,
          leave,
          wait,
        ),
        {
          minLength: 5,
          maxLength: 30,
        },
      ),
      (steps) =>
        withWorld({}, async (driver) => {
          const model = new Model();
          await driver.call(payer, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
          for (const Id of members) {
            const sent = await driver.call(payer, 'InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id } });
            await driver.call(Id, 'AcceptHandshake', { HandshakeId: idIn(sent, 'Handshake') });
          }
          for (const step of steps) {
            await step(driver, model);
            model.settle();
            expect(findBrokenInvariants(driver.simulator.world)).toEqual([]);
            const { output } = await driver.call(payer, 'DescribeOrganization');
            const FeatureSet = model.allFeatures ? 'ALL' : 'CONSOLIDATED_BILLING';
            expect(output).toMatchObject({ Organization: { FeatureSet } });
            if (!model.parent || model.parent.expiresAt <= driver.now) continue;
            // Every member can read the parent's state.
            for (const by of [payer, ...model.present]) {
              const parent = await driver.call(by, 'DescribeHandshake', { HandshakeId: model.parent.id });
              if (parent.error === 'HandshakeNotFoundException' && !model.running) continue;
              expect(parent.output).toMatchObject({ Handshake: { State: model.parent.state } });
            }
          }
        }),
    ),
    { numRuns: runs(60) },
  );
});
