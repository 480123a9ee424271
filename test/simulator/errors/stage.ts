import { createClock, type Simulator, startSimulator } from '../../../src/simulator/index.ts';
import type { ErrorName } from '../../../src/simulator/model/errors.ts';
import type { OperationName } from '../../../src/simulator/model/operations.ts';
import type { Account, Policy } from '../../../src/simulator/world/entities.ts';
import type { Organization } from '../../../src/simulator/world/organization.ts';
import { attempt, type Outcome } from '../raw-call.ts';

export const PAYER = '111111111111';
export const STANDALONE = '222222222222';
export const CUSTOMER = '444444444444';
/** The management account of an organization with consolidated billing only. */
export const SEDGE = '888888888888';

export interface ErrorCase {
  readonly operation: OperationName;
  readonly error: ErrorName;
  readonly reason?: string;
  /** `rule` if the simulator's rules cause the exception, `fault` if only an injected failure does. */
  readonly by: 'rule' | 'fault';
  /** The cause, for the name of the test. */
  readonly when: string;
  /** Its last call fails. */
  readonly provoke: (stage: Stage) => Promise<Outcome>;
}

/** The demo world with a stopped clock, and shortcuts to its entities. */
export class Stage implements AsyncDisposable {
  readonly simulator: Simulator;

  private constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  static async open(): Promise<Stage> {
    const clock = createClock({ start: Date.UTC(2026, 4, 10, 12), rate: 0 });
    return new Stage(
      await startSimulator({ seed: 'demo', clock, settings: { accountCreationMs: 60_000, closureMs: 60_000 } }),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.simulator.close();
  }

  call(accountId: string, operation: OperationName, input: object = {}, region?: string): Promise<Outcome> {
    return attempt(this.simulator.url, accountId, operation, input, region);
  }

  /** Makes a call that must succeed, and returns an id from its output. */
  async id(accountId: string, operation: OperationName, input: object, member: string): Promise<string> {
    const { output, error, message } = await this.call(accountId, operation, input);
    if (error !== undefined) throw new Error(`${operation}: ${error} ${message}`);
    const value = output[member];
    return typeof value === 'object' && value !== null && 'Id' in value ? String(value.Id) : '';
  }

  organization(accountId = PAYER): Organization {
    const organization = this.simulator.world.organizationOf(this.account(accountId));
    if (!organization) throw new Error(`${accountId} is in no organization`);
    return organization;
  }

  account(id: string): Account {
    return this.simulator.world.accounts.get(id) ?? fail(`account ${id}`);
  }

  member(name: string, accountId = PAYER): Account {
    return (
      this.organization(accountId)
        .members.values()
        .find((account) => account.name === name) ?? fail(name)
    );
  }

  unit(name: string): string {
    return (
      this.organization()
        .units.values()
        .find((unit) => unit.name === name)?.id ?? fail(name)
    );
  }

  policy(name: string): Policy {
    return (
      this.organization()
        .policies.values()
        .find((policy) => policy.name === name) ?? fail(name)
    );
  }

  get root(): string {
    return this.organization().root.id;
  }

  invite(target = STANDALONE): Promise<string> {
    const input = { Target: { Type: 'ACCOUNT', Id: target } };
    return this.id(PAYER, 'InviteAccountToOrganization', input, 'Handshake');
  }

  inviteToTransfer(target = CUSTOMER, payer = PAYER): Promise<string> {
    return this.id(payer, 'InviteOrganizationToTransferResponsibility', transferInput(target), 'Handshake');
  }

  /** Accepts an invitation and returns its transfer. */
  async acceptedTransfer(): Promise<string> {
    const HandshakeId = await this.inviteToTransfer();
    await this.id(CUSTOMER, 'AcceptHandshake', { HandshakeId }, 'Handshake');
    return this.simulator.world.handshakes.get(HandshakeId)?.transferId ?? fail(HandshakeId);
  }
}

export function transferInput(target: string, start = Date.UTC(2026, 5, 1), type = 'ACCOUNT'): object {
  return { Type: 'BILLING', Target: { Type: type, Id: target }, StartTimestamp: start / 1000, SourceName: 'Bill' };
}

function fail(what: string): never {
  throw new Error(`the demo world has no ${what}`);
}
