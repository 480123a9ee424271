import type { SimulatorClock } from '../clock.ts';
import type { CreateAccountFailureReason } from '../model/enums.ts';
import type { Account, Handshake, Party, Quotas, ResponsibilityTransfer, Session } from './entities.ts';
import { IdGenerator } from './ids.ts';
import type { Organization } from './organization.ts';
import { Scheduler } from './scheduler.ts';
import { mergeAfter, Sequence } from './sequence.ts';
import { defaultSettings, type Settings } from './settings.ts';

export type WorldSettings = Partial<Omit<Settings, 'quotas'>> & { readonly quotas?: Partial<Quotas> };

export interface WorldOptions {
  readonly clock: SimulatorClock;
  /** Account of access keys that select none. */
  readonly defaultAccountId: string;
  /** Seed of generated ids. */
  readonly seed?: string;
  readonly counter?: number;
  readonly settings?: WorldSettings;
}

export type HandshakeListener = (handshake: Handshake) => void;

/** The state of all accounts and organizations. The operations enforce the rules. */
export class World {
  readonly clock: SimulatorClock;
  readonly ids: IdGenerator;
  readonly scheduler = new Scheduler();
  readonly settings: Settings;
  readonly defaultAccountId: string;
  readonly accounts = new Map<string, Account>();
  readonly organizations = new Map<string, Organization>();
  readonly handshakes = new Map<string, Handshake>();
  readonly transfers = new Map<string, ResponsibilityTransfer>();
  readonly sessions = new Map<string, Session>();
  /** Failure reasons of the next account creations, in order. When it is empty, they succeed. */
  readonly accountCreationFailures: CreateAccountFailureReason[] = [];
  readonly #accountIdByEmail = new Map<string, string>();
  readonly #received = new Map<string, Sequence<Handshake>>();
  readonly #outbound = new Map<string, Sequence<ResponsibilityTransfer>>();
  readonly #listeners = new Set<HandshakeListener>();

  constructor({ clock, defaultAccountId, seed = 'orgql', counter, settings = {} }: WorldOptions) {
    this.clock = clock;
    this.defaultAccountId = defaultAccountId;
    this.ids = new IdGenerator(seed, counter);
    this.settings = {
      ...defaultSettings,
      ...settings,
      quotas: { ...defaultSettings.quotas, ...settings.quotas },
    };
  }

  /** Runs the tasks that are due and returns the time, in ms since the epoch. */
  now(): number {
    const now = this.clock.now();
    if (this.scheduler.nextTaskAt <= now) this.scheduler.runDueTasks(now);
    return now;
  }

  addAccount(account: Account): Account {
    this.accounts.set(account.id, account);
    this.#accountIdByEmail.set(account.email.toLowerCase(), account.id);
    return account;
  }

  accountByEmail(email: string): Account | undefined {
    const id = this.#accountIdByEmail.get(email.toLowerCase());
    return id === undefined ? undefined : this.accounts.get(id);
  }

  organizationOf(account: Account): Organization | undefined {
    return account.membership && this.organizations.get(account.membership.organizationId);
  }

  addHandshake(handshake: Handshake): void {
    this.handshakes.set(handshake.id, handshake);
    this.organizations
      .get(handshake.sender.organizationId)
      ?.sentHandshakes.add(handshake.id, handshake.position, handshake);
    if (handshake.recipient)
      this.#getOrCreate(this.#received, recipientKey(handshake.recipient)).add(handshake.position, handshake);
  }

  deleteHandshake(handshake: Handshake): void {
    this.handshakes.delete(handshake.id);
    this.organizations.get(handshake.sender.organizationId)?.sentHandshakes.delete(handshake.id);
    if (handshake.recipient)
      this.#getOrCreate(this.#received, recipientKey(handshake.recipient)).delete(handshake.position);
  }

  /** Handshakes addressed to an account by its id or by its e-mail address, in order. */
  handshakesReceivedBy(account: Account, position: number): Iterable<readonly [number, Handshake]> {
    return mergeAfter([this.#received.get(account.id), this.#received.get(account.email.toLowerCase())], position);
  }

  addTransfer(transfer: ResponsibilityTransfer): void {
    this.transfers.set(transfer.id, transfer);
    this.organizations
      .get(transfer.target.organizationId)
      ?.inboundTransfers.add(transfer.id, transfer.position, transfer);
    this.#getOrCreate(this.#outbound, recipientKey(transfer.invited)).add(transfer.position, transfer);
  }

  deleteTransfer(transfer: ResponsibilityTransfer): void {
    this.transfers.delete(transfer.id);
    this.organizations.get(transfer.target.organizationId)?.inboundTransfers.delete(transfer.id);
    this.#getOrCreate(this.#outbound, recipientKey(transfer.invited)).delete(transfer.position);
  }

  /** Transfers that an account was invited to, in order. */
  transfersFrom(account: Account, position: number): Iterable<readonly [number, ResponsibilityTransfer]> {
    return mergeAfter([this.#outbound.get(account.id), this.#outbound.get(account.email.toLowerCase())], position);
  }

  /** Returns the account that a handshake is addressed to, if it exists. */
  recipientOf(handshake: Handshake): Account | undefined {
    const { recipient } = handshake;
    if (!recipient) return undefined;
    return recipient.type === 'ACCOUNT' ? this.accounts.get(recipient.id) : this.accountByEmail(recipient.id);
  }

  /** Calls the listener after each handshake is created or changes its state. Returns a function that unsubscribes. */
  onHandshake(listener: HandshakeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  notifyHandshakeListeners(handshake: Handshake): void {
    for (const listener of this.#listeners) listener(handshake);
  }

  #getOrCreate<T>(map: Map<string, Sequence<T>>, key: string): Sequence<T> {
    let sequence = map.get(key);
    if (!sequence) {
      sequence = new Sequence();
      map.set(key, sequence);
    }
    return sequence;
  }
}

function recipientKey({ type, id }: Party): string {
  return type === 'EMAIL' ? id.toLowerCase() : id;
}
