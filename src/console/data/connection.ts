import { type Client, createClient } from 'graphql-ws';
import type { GraphQLWsClient } from '../../client/index.ts';
import type { Credential } from './sign-in/credential.ts';
import { hasSignIn, signIn } from './sign-in/sign-in.ts';
import { Store } from './store.ts';

/** The state of the WebSocket that all live lists share. */
export type ConnectionState =
  | { readonly name: 'connecting' }
  | { readonly name: 'live' }
  /** `since`: the last time that the data was known to be current. */
  | { readonly name: 'reconnecting'; readonly since: Date; readonly retryAt: Date | undefined }
  | { readonly name: 'offline'; readonly since: Date }
  /** The credentials are missing, wrong or expired. */
  | { readonly name: 'signed-out'; readonly since: Date };

const KEEP_ALIVE_MS = 10_000;
const PONG_TIMEOUT_MS = 5_000;
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;

/** Codes with which the gateway rejects credentials (docs/errors.md). */
const EXPIRED = 4410;
const SIGNED_OUT = new Set([4401, 4403, EXPIRED]);

/** The connection to the gateway as one principal. It reconnects by itself. */
export class Connection {
  readonly state = new Store<ConnectionState>({ name: 'connecting' });
  readonly client: Client;
  /** For live lists: one that is signed out waits, and resumes from its cursor. */
  readonly transport: GraphQLWsClient;
  /** What the present WebSocket was opened with. */
  #credential: Credential | undefined;
  readonly #closing = new AbortController();
  #aliveAt = new Date();
  #endWait: (() => void) | undefined;
  /** Settles when it is known whether there is another credential. */
  #renewal: Promise<void> | undefined;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #onOffline = () => this.#interrupted();
  readonly #onOnline = () => this.retry();

  constructor(principal: string | undefined) {
    this.client = createClient({
      url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
      connectionParams: async () => {
        this.#credential = await signIn.fresh();
        return {
          ...(principal !== undefined && { principal }),
          ...(this.#credential && { authorization: this.#credential.authorization }),
        };
      },
      keepAlive: KEEP_ALIVE_MS,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: (cause) => hasSignIn || !isSignedOut(cause),
      retryWait: (retries) => this.#wait(retries),
    });
    const { subscribe, on } = this.client;
    this.transport = {
      subscribe,
      on: (event: 'connected' | 'closed', listener: (...details: unknown[]) => void) =>
        event === 'connected'
          ? on('connected', listener)
          : on('closed', (cause) => listener(hasSignIn && isSignedOut(cause) ? { code: EXPIRED, reason: '' } : cause)),
    };
    this.client.on('connected', () => {
      signIn.onAccepted(this.#credential);
      this.#alive();
    });
    this.client.on('message', () => this.#alive());
    this.client.on('pong', () => this.#alive());
    this.client.on('ping', (received) => {
      if (received) return;
      // A connection that is cut without notice would look live for minutes.
      this.#pongTimer = setTimeout(() => this.client.terminate(), PONG_TIMEOUT_MS);
    });
    this.client.on('closed', (event) => {
      clearTimeout(this.#pongTimer);
      if (isSignedOut(event)) this.#signedOut(event as CloseEvent);
      else this.#interrupted();
    });
    addEventListener('offline', this.#onOffline);
    addEventListener('online', this.#onOnline);
  }

  /** Connects at once instead of waiting for the next attempt. */
  retry(): void {
    this.#endWait?.();
  }

  /** Replaces a connection over which nothing arrives any more; lists resume from their cursors. */
  reconnect(): void {
    this.client.terminate();
  }

  /** Resolves when the connection is live, or the signal is aborted. */
  readonly whenLive = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const check = () => {
        if (this.state.get().name !== 'live' && !signal.aborted) return;
        unsubscribe();
        signal.removeEventListener('abort', check);
        resolve();
      };
      const unsubscribe = this.state.subscribe(check);
      signal.addEventListener('abort', check);
      check();
    });

  close(): void {
    removeEventListener('offline', this.#onOffline);
    removeEventListener('online', this.#onOnline);
    clearTimeout(this.#pongTimer);
    this.#endWait?.();
    this.#closing.abort();
    void this.client.dispose();
  }

  #alive(): void {
    clearTimeout(this.#pongTimer);
    this.#aliveAt = new Date();
    if (this.state.get().name !== 'live') this.state.set({ name: 'live' });
  }

  #interrupted(retryAt?: Date): void {
    const since = this.#aliveAt;
    this.state.set(navigator.onLine ? { name: 'reconnecting', since, retryAt } : { name: 'offline', since });
  }

  /** The gateway has rejected the credential, or it has expired. */
  #signedOut({ code, reason }: CloseEvent): void {
    if (!hasSignIn) {
      this.state.set({ name: 'signed-out', since: this.#aliveAt });
      return;
    }
    this.#renewal = signIn
      .onRejected(this.#credential, code === EXPIRED ? 'The key or token has expired.' : reason)
      .then(() => {
        if (signIn.state.get().name !== 'signed-in') this.state.set({ name: 'signed-out', since: this.#aliveAt });
      });
  }

  /**
   * Waits for the next credential if the last one was rejected. Otherwise waits with exponential backoff and jitter,
   * which `retry` ends.
   */
  async #wait(retries: number): Promise<void> {
    const renewal = this.#renewal;
    this.#renewal = undefined;
    if (renewal !== undefined) {
      await renewal;
      // Rejects when the page is closed, or has another caller.
      await signIn.signedIn(this.#closing.signal).catch(() => undefined);
      if (retries === 0) return;
    }
    const ms = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** retries) * (0.5 + Math.random() / 2);
    this.#interrupted(new Date(Date.now() + ms));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endWait = undefined;
  }
}

const isSignedOut = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'code' in event && SIGNED_OUT.has(Number(event.code));
