import { replaceUrl } from '../location.ts';
import { type OidcSettings, pageSettings } from '../settings.ts';
import { SignInError } from './credential.ts';
import type { AuthorizationRequest, OidcClient } from './oidc.ts';
import { signIn } from './sign-in.ts';

export const oidc: OidcSettings | undefined = pageSettings.signIn?.oidc;

/**
 * The request survives the way to the issuer and back in this window's `sessionStorage`, and is deleted on return. No
 * token is ever stored: scripts of this origin and extensions could read it, and it would survive the page.
 */
const STORAGE_KEY = 'orgql.sign-in';

/** The window that was opened to sign in gives the issuer's answer to the page that waits for it. */
const CHANNEL = 'orgql.sign-in';

/** A page that waits accepts an answer within this time, in ms. */
const HAND_OVER_MS = 2_000;

interface StoredRequest extends AuthorizationRequest {
  /** Path and search of the page, which are shown again. */
  readonly returnTo: string;
}

/** Messages between windows. The code is of no use without the verifier, which only the waiting page has. */
type Message = { readonly answer: string } | { readonly acceptedState: string };

/** Loads what OpenID Connect needs, which the first screen does not. */
async function discover(settings: OidcSettings): Promise<OidcClient> {
  const { OidcClient } = await import('./oidc.ts').catch(() => {
    throw new SignInError('NETWORK_ERROR', 'The gateway cannot be reached. Check your connection.');
  });
  return OidcClient.discover(settings);
}

/** Sends the user to the issuer. The page has no data yet that could be lost. */
export async function redirectToIssuer(): Promise<void> {
  if (oidc === undefined) return;
  signIn.state.set({ name: 'busy', text: 'Going to the issuer…' });
  await reportFailure(async () => {
    const { url, ...request } = await (await discover(oidc)).authorizationRequest();
    const stored: StoredRequest = { ...request, returnTo: location.pathname + location.search };
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(stored));
    location.assign(url);
  });
}

let waiting: { readonly request: AuthorizationRequest; readonly client: OidcClient } | undefined;

/**
 * Signs in through another window, so that this page keeps what was typed. Call it in the handler of a click, or the
 * browser blocks the window. Returns once the issuer's page is open.
 */
export async function openIssuerWindow(): Promise<void> {
  if (oidc === undefined) return;
  signIn.setFailure(undefined);
  const opened = window.open('', '', 'popup,width=520,height=680');
  await reportFailure(async () => {
    if (opened === null) {
      const message =
        'The browser has blocked the window of the issuer. Allow this page to open windows, and try again.';
      throw new SignInError('WINDOW_BLOCKED', message);
    }
    try {
      const client = await discover(oidc);
      const { url, ...request } = await client.authorizationRequest();
      waiting = { request, client };
      opened.location.href = url;
    } catch (error) {
      opened.close();
      throw error;
    }
  });
}

/** Completes a sign-in if the issuer has sent the user back to this page. Called once, before anything is shown. */
export function onReturn(): void {
  if (oidc === undefined) return;
  // Also of a request that the user has left.
  const stored = takeStored();
  listen();
  if (location.pathname !== '/signed-in') return;
  const answer = location.search;
  const isOwn = stored !== undefined && new URLSearchParams(answer).get('state') === stored.state;
  // The code leaves the address and the history of the browser at once.
  replaceUrl(isOwn ? stored.returnTo : '/');
  if (!new URLSearchParams(answer).has('state')) return;
  signIn.state.set({ name: 'busy', text: 'Signing in…' });
  if (isOwn) void reportFailure(async () => finish(stored, await discover(oidc), answer));
  else handOver(answer);
}

function takeStored(): StoredRequest | undefined {
  const text = sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  return text === null ? undefined : JSON.parse(text);
}

async function finish(request: AuthorizationRequest, client: OidcClient, answer: string): Promise<void> {
  await signIn.signIn(await client.exchange(request, new URLSearchParams(answer)));
}

/** Waits for answers that other windows get for this page. */
function listen(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (!('answer' in data) || waiting === undefined) return;
    const { request, client } = waiting;
    if (new URLSearchParams(data.answer).get('state') !== request.state) return;
    waiting = undefined;
    channel.postMessage({ acceptedState: request.state } satisfies Message);
    void reportFailure(() => finish(request, client, data.answer));
  });
}

/** Gives the answer to the page that has opened this window. */
function handOver(answer: string): void {
  const channel = new BroadcastChannel(CHANNEL);
  const state = new URLSearchParams(answer).get('state');
  const timer = setTimeout(() => {
    channel.close();
    const message = 'The answer of the issuer does not belong to a sign-in of this page. Sign in again.';
    signIn.setFailure(new SignInError('UNKNOWN_STATE', message));
  }, HAND_OVER_MS);
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (!('acceptedState' in data) || data.acceptedState !== state) return;
    clearTimeout(timer);
    channel.close();
    signIn.state.set({ name: 'handed-over' });
    window.close();
  });
  channel.postMessage({ answer } satisfies Message);
}

async function reportFailure(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (error instanceof SignInError) return signIn.setFailure(error);
    // Such as a browser that keeps nothing for this page.
    const reason = error instanceof Error ? error.message : String(error);
    signIn.setFailure(new SignInError('SIGN_IN_FAILED', `Signing in has failed: ${reason}`));
  }
}
