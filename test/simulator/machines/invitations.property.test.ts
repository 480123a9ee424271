import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS } from '../../../src/simulator/world/durations.ts';
import { runs } from '../../support/runs.ts';
import { type Driver, idIn, verdict, withWorld } from './driver.ts';
import { findBrokenInvariants } from './invariants.ts';

const payers = ['100000000001', '100000000002'];
const others = ['200000000001', '200000000002', '200000000003'];
const everyone = [...payers, ...others];

interface Known {
  readonly id: string;
  readonly payer: string;
  readonly account: string;
  readonly expiresAt: number;
  state: 'OPEN' | 'ACCEPTED' | 'DECLINED' | 'CANCELED' | 'EXPIRED';
  endedAt?: number;
}

/** A minimal model of the rules for invitations and membership. */
class Model {
  readonly handshakes: Known[] = [];
  readonly home = new Map(payers.map((payer) => [payer, payer]));
  readonly created = 'INVITED';

  tick(now: number): void {
    for (const one of this.handshakes)
      if (one.state === 'OPEN' && one.expiresAt <= now) this.end(one, 'EXPIRED', one.expiresAt);
  }

  end(one: Known, state: Known['state'], at: number): void {
    one.state = state;
    one.endedAt = at;
  }

  invite(payer: string, account: string): string {
    if (this.home.get(account) === payer) return 'HandshakeConstraintViolationException ALREADY_IN_AN_ORGANIZATION';
    const open = this.handshakes.some((one) => one.payer === payer && one.account === account && one.state === 'OPEN');
    return open ? 'DuplicateHandshakeException' : 'done';
  }

  answer(one: Known, caller: string, wanted: 'ACCEPTED' | 'DECLINED' | 'CANCELED', now: number): string {
    const gone = one.endedAt !== undefined && one.endedAt + 30 * DAY_MS <= now;
    if (gone) return 'HandshakeNotFoundException';
    const sender = caller === one.payer;
    const recipient = caller === one.account;
    // Other accounts of the sender's organization know the handshake, but may not change it.
    const colleague = this.home.get(caller) === one.payer;
    if (!sender && !recipient && !colleague) return 'HandshakeNotFoundException';
    if (wanted === 'CANCELED' ? !sender : !recipient) return 'AccessDeniedException';
    if (one.state === wanted) return 'HandshakeAlreadyInStateException';
    if (one.state !== 'OPEN') return 'InvalidHandshakeTransitionException';
    if (wanted === 'ACCEPTED' && payers.includes(caller)) return 'MasterCannotLeaveOrganizationException';
    return 'done';
  }
}

type Step = (driver: Driver, model: Model) => Promise<void>;

const invite = fc.tuple(fc.constantFrom(...payers), fc.constantFrom(...everyone)).map(
  ([payer, account]): Step =>
    async (driver, model) => {
      const outcome = await driver.call(payer, 'InviteAccountToOrganization', {
        Target: { Type: 'ACCOUNT', Id: account },
      });
      expect(verdict(outcome)).toBe(model.invite(payer, account));
      if (outcome.error) return;
      const expiresAt = driver.now + 15 * DAY_MS;
      model.handshakes.push({ id: idIn(outcome, 'Handshake'), payer, account, expiresAt, state: 'OPEN' });
    },
);

const answers = { ACCEPTED: 'AcceptHandshake', DECLINED: 'DeclineHandshake', CANCELED: 'CancelHandshake' } as const;
const answer = fc
  .tuple(
    fc.constantFrom('ACCEPTED', 'DECLINED', 'CANCELED'),
    fc.nat(),
    fc.constantFrom('sender', 'recipient', ...everyone),
  )
  .map(
    ([wanted, index, who]): Step =>
      async (driver, model) => {
        const one = model.handshakes[index % model.handshakes.length];
        if (!one) return;
        const caller = who === 'sender' ? one.payer : who === 'recipient' ? one.account : who;
        const outcome = await driver.call(caller, answers[wanted], { HandshakeId: one.id });
        expect(verdict(outcome)).toBe(model.answer(one, caller, wanted, driver.now));
        if (outcome.error) return;
        model.end(one, wanted, driver.now);
        if (wanted === 'ACCEPTED') model.home.set(one.account, one.payer);
      },
  );

const leave = fc.constantFrom(...everyone).map(
  (account): Step =>
    async (driver, model) => {
      const expected = payers.includes(account)
        ? 'MasterCannotLeaveOrganizationException'
        : model.home.has(account)
          ? 'done'
          : 'AWSOrganizationsNotInUseException';
      expect(verdict(await driver.call(account, 'LeaveOrganization'))).toBe(expected);
      if (expected === 'done') model.home.delete(account);
    },
);

const remove = fc.tuple(fc.constantFrom(...everyone), fc.constantFrom(...others)).map(
  ([caller, AccountId]): Step =>
    async (driver, model) => {
      const home = model.home.get(caller);
      const expected =
        home === undefined
          ? 'AWSOrganizationsNotInUseException'
          : home !== caller
            ? 'AccessDeniedException'
            : model.home.get(AccountId) === caller
              ? 'done'
              : 'AccountNotFoundException';
      expect(verdict(await driver.call(caller, 'RemoveAccountFromOrganization', { AccountId }))).toBe(expected);
      if (expected === 'done') model.home.delete(AccountId);
    },
);

const wait = fc.constantFrom(1, 5, 14, 15, 29, 31).map(
  (days): Step =>
    async (driver) =>
      driver.advance(days * DAY_MS),
);

test('invitations and membership follow the rules, in any order of steps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ arbitrary: answer, weight: 5 }, { arbitrary: invite, weight: 4 }, leave, remove, wait), {
        minLength: 10,
        maxLength: 40,
      }),
      (steps) =>
        withWorld({ settings: { quotas: { accounts: 200 } } }, async (driver) => {
          const model = new Model();
          for (const payer of payers) await driver.call(payer, 'CreateOrganization');
          for (const account of others) await driver.call(account, 'ListHandshakesForAccount');
          for (const step of steps) {
            await step(driver, model);
            model.tick(driver.now);
            expect(findBrokenInvariants(driver.simulator.world)).toEqual([]);
          }
          await checkBothSides(driver, model);
        }),
    ),
    { numRuns: runs(60) },
  );
});

async function checkBothSides(driver: Driver, model: Model): Promise<void> {
  const alive = model.handshakes.filter(({ endedAt }) => endedAt === undefined || endedAt + 30 * DAY_MS > driver.now);
  const expected = new Map(alive.map(({ id, state }) => [id, state]));
  const seen = async (
    accounts: readonly string[],
    operation: 'ListHandshakesForAccount' | 'ListHandshakesForOrganization',
  ) => {
    const states = new Map<string, string>();
    for (const account of accounts) {
      let NextToken: unknown;
      do {
        const { output } = await driver.call(account, operation, { ...(NextToken !== undefined && { NextToken }) });
        for (const { Id, State } of output['Handshakes'] as { Id: string; State: string }[]) states.set(Id, State);
        NextToken = output['NextToken'];
      } while (NextToken !== undefined);
    }
    return states;
  };
  expect(await seen(payers, 'ListHandshakesForOrganization')).toEqual(expected);
  // A management account does not see invitations.
  const visible = new Map(
    [...expected].filter(([id]) => !payers.includes(alive.find((one) => one.id === id)?.account ?? '')),
  );
  expect(await seen(everyone, 'ListHandshakesForAccount')).toEqual(visible);
}
