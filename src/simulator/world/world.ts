import type { SimulatorClock } from '../clock.ts';
import type { CreateAccountFailureReason } from '../model/enums.ts';
import { Agenda } from './agenda.ts';
import type { Account, Handshake, Party, Quotas, ResponsibilityTransfer, Session } from './entities.ts';
import { Ids } from './ids.ts';
import type { Organization } from './organization.ts';
import { mergeAfter, Sequence } from './sequence.ts';
import { defaultSettings, type Settings } from './settings.ts';

export type WorldSettings = Partial<Omit<Settings, 'quotas'>> & { readonly quotas?: Partial<Quotas> };

export interface WorldOptions {
  readonly clock: SimulatorClock;
  /** Whose account an access key belongs to that names none. */
  readonly defaultAccountId: string;
  /** What ids are made from. */
  readonly seed?: string;
  readonly counter?: number;
  readonly settings?: WorldSettings;
}

export type HandshakeListener = (handshake: Handshake) => void;

/** Every account and organization of the simulator, as state: the rules for changing it are in the operations. */
export class World {
  readonly clock: SimulatorClock;
  readonly ids: Ids;
  readonly agenda = new Agenda();
  readonly settings: Settings;
  readonly defaultAccountId: string;
  readonly accounts = new Map<string, Account>();
  readonly organizations = new Map<string, Organization>();
  readonly handshakes = new Map<string, Handshake>();
  readonly transfers = new Map<string, ResponsibilityTransfer>();
  readonly sessions = new Map<string, Session>();
  /** Why the next account creations will fail, first come first served; with none, they succeed. */
  readonly accountCreationFailures: CreateAccountFailureReason[] = [];
  readonly #accountIdByEmail = new Map<string, string>();
  readonly #received = new Map<string, Sequence<Handshake>>();
  readonly #outbound = new Map<string, Sequence<ResponsibilityTransfer>>();
  readonly #listeners = new Set<HandshakeListener>();

  constructor({ clock, defaultAccountId, seed = 'orgql', counter, settings = {} }: WorldOptions) {
    this.clock = clock;
    this.defaultAccountId = defaultAccountId;
    this.ids = new Ids(seed, counter);
    this.settings = {
      ...defaultSettings,
      ...settings,
      quotas: { ...defaultSettings.quotas, ...settings.quotas },
    };
  }

  /** The time, after everything that was due by then has happened. */
  now(): number {
    const now = this.clock.now();
    if (this.agenda.next <= now) this.agenda.settle(now);
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
      this.#at(this.#received, recipientKey(handshake.recipient)).add(handshake.position, handshake);
  }

  deleteHandshake(handshake: Handshake): void {
    this.handshakes.delete(handshake.id);
    this.organizations.get(handshake.sender.organizationId)?.sentHandshakes.delete(handshake.id);
    if (handshake.recipient) this.#at(this.#received, recipientKey(handshake.recipient)).delete(handshake.position);
  }

  /** What an account received, whether addressed by its id or by its e-mail address, in order. */
  handshakesReceivedBy(account: Account, position: number): Iterable<readonly [number, Handshake]> {
    return mergeAfter([this.#received.get(account.id), this.#received.get(account.email.toLowerCase())], position);
  }

  addTransfer(transfer: ResponsibilityTransfer): void {
    this.transfers.set(transfer.id, transfer);
    this.organizations
      .get(transfer.target.organizationId)
      ?.inboundTransfers.add(transfer.id, transfer.position, transfer);
    this.#at(this.#outbound, recipientKey(transfer.invited)).add(transfer.position, transfer);
  }

  deleteTransfer(transfer: ResponsibilityTransfer): void {
    this.transfers.delete(transfer.id);
    this.organizations.get(transfer.target.organizationId)?.inboundTransfers.delete(transfer.id);
    this.#at(this.#outbound, recipientKey(transfer.invited)).delete(transfer.position);
  }

  /** The transfers that an account was invited to, in order. */
  transfersFrom(account: Account, position: number): Iterable<readonly [number, ResponsibilityTransfer]> {
    return mergeAfter([this.#outbound.get(account.id), this.#outbound.get(account.email.toLowerCase())], position);
  }

  /** The account that a handshake is addressed to, when it exists. */
  recipientOf(handshake: Handshake): Account | undefined {
    const { recipient } = handshake;
    if (!recipient) return undefined;
    return recipient.type === 'ACCOUNT' ? this.accounts.get(recipient.id) : this.accountByEmail(recipient.id);
  }

  /** Calls back after each handshake is made or changes its state. */
  onHandshake(listener: HandshakeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(handshake: Handshake): void {
    for (const listener of this.#listeners) listener(handshake);
  }

  #at<T>(map: Map<string, Sequence<T>>, key: string): Sequence<T> {
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
