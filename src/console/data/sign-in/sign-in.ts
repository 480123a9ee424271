import { resetCallerStores } from '../caller-store.ts';
import { replaceUrl } from '../location.ts';
import { pageSettings } from '../settings.ts';
import { Store } from '../store.ts';
import { type Credential, SignInError } from './credential.ts';
import { identify } from './identify.ts';

export type SignInState =
  /** The gateway needs no credential, or a proxy adds it. */
  | { readonly name: 'not-needed' }
  | { readonly name: 'signed-out'; readonly error?: SignInError | undefined }
  /** On the way to the issuer or back, or signing out. */
  | { readonly name: 'busy'; readonly text: string }
  /** In a window that was opened to sign in: the window that has opened it is signed in. */
  | { readonly name: 'handed-over' }
  | { readonly name: 'signed-in'; readonly caller: string }
  /** The page keeps its data, and asks the caller to sign in again. */
  | {
      readonly name: 'expired';
      readonly caller: string;
      /** Why the session has ended. */
      readonly reason: string;
      /** Why the user could not sign in again. */
      readonly error?: SignInError | undefined;
    };

/** After the issuer could not be reached, the next credential is requested again after this time, in ms. */
const RETRY_MS = 5_000;

/** Timers with a longer delay fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The caller of the page and its credential. All sessions, whatever their principal, use the same. */
class SignIn {
  readonly state = new Store<SignInState>({ name: pageSettings.signIn ? 'signed-out' : 'not-needed' });
  #credential: Credential | undefined;
  /** Whether the gateway has accepted it. */
  #isAccepted = false;
  #refreshing: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Uses a credential if the gateway accepts it. */
  async signIn(credential: Credential): Promise<void> {
    const { caller, principals } = await identify(credential);
    const before = this.state.get();
    this.#use(credential, true);
    this.state.set({ name: 'signed-in', caller });
    if ('caller' in before && before.caller !== caller) onOtherCaller(principals);
  }

  /** The user could not sign in, or tries again: `error` is undefined then. */
  setFailure(error: SignInError | undefined): void {
    const state = this.state.get();
    if (state.name === 'signed-in') return;
    this.state.set(state.name === 'expired' ? { ...state, error } : { name: 'signed-out', error });
  }

  /** Forgets the credential and everything else that the page knows, by loading it again. */
  async signOut(): Promise<void> {
    const credential = this.#credential;
    this.#use(undefined);
    this.state.set({ name: 'busy', text: 'Signing out…' });
    const url = await credential?.end?.().catch(() => undefined);
    location.assign(url ?? '/');
  }

  /** The credential for a connection: the next one if the present one is about to expire, and the issuer can be reached. */
  async fresh(): Promise<Credential | undefined> {
    if (isDue(this.#credential)) await this.#refresh().catch(() => undefined);
    return this.#credential;
  }

  /**
   * The credential for a request. `canWait`: waits until an expired caller has signed in again.
   * @throws SignInError if the caller is signed out.
   */
  async ready({
    canWait,
    signal,
  }: {
    canWait: boolean;
    signal?: AbortSignal | undefined;
  }): Promise<Credential | undefined> {
    for (;;) {
      const { name } = this.state.get();
      if (name === 'not-needed') return undefined;
      if (name !== 'signed-in') {
        if (!canWait || name !== 'expired') throw signedOut();
        await this.signedIn(signal);
      }
      const credential = this.#credential;
      if (!isDue(credential)) return credential;
      try {
        await this.#refresh();
        if (this.state.get().name === 'signed-in') return this.#credential;
      } catch (error) {
        // The user has to sign in, or has done so meanwhile.
        if (this.#credential !== credential) continue;
        if (!isExpired(credential)) return credential;
        throw error instanceof SignInError ? error : issuerUnavailable();
      }
    }
  }

  /** The gateway has accepted a credential. */
  onAccepted(credential: Credential | undefined): void {
    if (credential === this.#credential) this.#isAccepted = true;
  }

  /** The gateway has rejected a credential: it is replaced if that is possible, else the user has to sign in again. */
  async onRejected(credential: Credential | undefined, reason: string): Promise<void> {
    if (credential === undefined || credential !== this.#credential) return;
    // One that was never accepted is not replaced, as the gateway would reject the next one, too.
    if (credential.refresh === undefined || !this.#isAccepted) return this.#expire(reason);
    await this.#refresh().catch((cause: unknown) => {
      if (!(cause instanceof SignInError)) this.#expire(issuerUnavailable().message);
    });
  }

  /** Resolves when the caller has signed in again. Rejects if another one has, and if `signal` aborts. */
  signedIn(signal?: AbortSignal): Promise<void> {
    const state = this.state.get();
    const caller = 'caller' in state ? state.caller : undefined;
    if (state.name === 'signed-in') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = () => end(() => reject(signal?.reason));
      const unsubscribe = this.state.subscribe(() => {
        const next = this.state.get();
        if (next.name === 'expired') return;
        end(() => (next.name === 'signed-in' && next.caller === caller ? resolve() : reject(signedOut())));
      });
      const end = (settle: () => void) => {
        unsubscribe();
        signal?.removeEventListener('abort', onAbort);
        settle();
      };
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted) onAbort();
    });
  }

  /** At most one request is sent at a time, as a refresh token may be used once. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#replace().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #replace(): Promise<void> {
    const credential = this.#credential;
    try {
      const next = await credential?.refresh?.();
      // The user may have signed in or out meanwhile.
      if (next === undefined || this.#credential !== credential) return;
      this.#use(next);
      const state = this.state.get();
      if (state.name === 'expired') this.state.set({ name: 'signed-in', caller: state.caller });
    } catch (error) {
      if (credential !== undefined && this.#credential === credential) {
        if (error instanceof SignInError) {
          this.#use({ ...credential, refresh: undefined, refreshAt: undefined });
          this.#expire(error.message);
        } else this.#schedule(Date.now() + RETRY_MS);
      }
      throw error;
    }
  }

  #use(credential: Credential | undefined, isAccepted = false): void {
    this.#credential = credential;
    this.#isAccepted = isAccepted;
    this.#schedule(credential?.refreshAt);
  }

  #schedule(time: number | undefined): void {
    clearTimeout(this.#timer);
    if (time === undefined) return;
    const delay = Math.min(MAX_DELAY_MS, Math.max(0, time - Date.now()));
    this.#timer = setTimeout(() => void this.#refresh().catch(() => undefined), delay);
  }

  #expire(reason: string): void {
    const state = this.state.get();
    if (state.name === 'signed-in') this.state.set({ name: 'expired', caller: state.caller, reason });
  }
}

/** Another caller sees nothing of the last one: its session is closed, as the state has another caller. */
function onOtherCaller(principals: readonly string[]): void {
  resetCallerStores();
  const { pathname, searchParams } = new URL(location.href);
  const principal = searchParams.get('as');
  if (principal === null || principals.includes(principal)) return;
  searchParams.delete('as');
  replaceUrl(searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`);
}

const isDue = (credential: Credential | undefined): boolean =>
  credential?.refresh !== undefined && credential.refreshAt !== undefined && credential.refreshAt <= Date.now();

const isExpired = (credential: Credential | undefined): boolean =>
  credential?.expiresAt !== undefined && credential.expiresAt <= Date.now();

const signedOut = () => new SignInError('UNAUTHENTICATED', 'You are signed out. Sign in, then send it again.');

const issuerUnavailable = () =>
  new SignInError('AUTHENTICATION_UNAVAILABLE', 'The token has expired, and the issuer cannot be reached to renew it.');

export const signIn = new SignIn();

/** Whether the page has a form to sign in. */
export const hasSignIn = pageSettings.signIn !== undefined;

// The browser may show the page as it was left, on the way to the issuer.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && signIn.state.get().name === 'busy') location.reload();
});
