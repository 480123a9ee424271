import * as oauth from 'oauth4webapi';
import type { OidcSettings } from '../settings.ts';
import { type Credential, SignInError } from './credential.ts';

/** What the page has to remember while its user is at the issuer. It is no credential. */
export interface AuthorizationRequest {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636): a code is of no use without it. */
  readonly verifier: string;
}

/** A request to the issuer that takes longer fails, in ms. */
const TIMEOUT_MS = 10_000;

/** The next token is requested when this part of the lifetime is left, but at most `MAX_LEAD_MS` before its end. */
const LEAD = 0.2;
const MAX_LEAD_MS = 60_000;

const redirectUri = (): string => `${location.origin}/signed-in`;

/** A client of an issuer: the code flow with PKCE, and refresh tokens, which the issuer may rotate. */
export class OidcClient {
  readonly #settings: OidcSettings;
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;

  private constructor(settings: OidcSettings, server: oauth.AuthorizationServer) {
    this.#settings = settings;
    this.#server = server;
    this.#client = { client_id: settings.clientId };
  }

  /** Reads what the issuer says of itself. */
  static async discover(settings: OidcSettings): Promise<OidcClient> {
    const issuer = new URL(settings.issuer);
    const server = await fromIssuer(settings.issuer, async () => {
      const response = await oauth.discoveryRequest(issuer, requestOptions(settings.issuer));
      return oauth.processDiscoveryResponse(issuer, response);
    });
    return new OidcClient(settings, server);
  }

  /** The address to which the user is sent, and what the answer is compared with. */
  async authorizationRequest(): Promise<AuthorizationRequest & { readonly url: string }> {
    const { clientId, scope, parameters } = this.#settings;
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(this.#endpoint('authorization_endpoint'));
    const all = {
      ...parameters,
      client_id: clientId,
      redirect_uri: redirectUri(),
      response_type: 'code',
      scope,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
    return { state, nonce, verifier, url: url.href };
  }

  /** Exchanges the code of the issuer's answer for tokens. */
  async exchange(request: AuthorizationRequest, answer: URLSearchParams): Promise<Credential> {
    const { issuer } = this.#settings;
    const parameters = await fromIssuer(issuer, async () =>
      oauth.validateAuthResponse(this.#server, this.#client, answer, request.state),
    );
    this.#checkOrigin('token_endpoint');
    const tokens = await fromIssuer(issuer, async () => {
      const response = await oauth.authorizationCodeGrantRequest(
        this.#server,
        this.#client,
        oauth.None(),
        parameters,
        redirectUri(),
        request.verifier,
        requestOptions(issuer),
      );
      const options = { expectedNonce: request.nonce, requireIdToken: true };
      return oauth.processAuthorizationCodeResponse(this.#server, this.#client, response, options);
    });
    return this.#credentialOf(tokens);
  }

  /** The access token is for the gateway. The ID token has served its purpose, and is not kept. */
  #credentialOf(tokens: oauth.TokenEndpointResponse, before?: string): Credential {
    const { access_token: token, expires_in: lifetime, refresh_token: refreshToken = before } = tokens;
    const lifetimeMs = lifetime === undefined ? undefined : lifetime * 1_000;
    const expiresAt = lifetimeMs === undefined ? undefined : Date.now() + lifetimeMs;
    return {
      authorization: `Bearer ${token}`,
      expiresAt,
      ...(refreshToken !== undefined && {
        ...(lifetimeMs !== undefined && {
          refreshAt: Date.now() + lifetimeMs - Math.min(MAX_LEAD_MS, LEAD * lifetimeMs),
        }),
        refresh: () => this.#refresh(refreshToken),
      }),
      end: () => this.#end(refreshToken ?? token),
    };
  }

  async #refresh(refreshToken: string): Promise<Credential> {
    const options = requestOptions(this.#settings.issuer);
    const response = await oauth.refreshTokenGrantRequest(
      this.#server,
      this.#client,
      oauth.None(),
      refreshToken,
      options,
    );
    if (response.status >= 500 || response.status === 429) throw new Error(`status ${response.status}`);
    const tokens = await oauth
      .processRefreshTokenResponse(this.#server, this.#client, response)
      .catch((error: unknown) => {
        const code = error instanceof oauth.ResponseBodyError ? error.error : 'INVALID_RESPONSE';
        throw new SignInError(code, 'The issuer has ended it.');
      });
    // An issuer that does not rotate refresh tokens sends none.
    return this.#credentialOf(tokens, refreshToken);
  }

  /** Withdraws the token (RFC 7009), and returns where the session at the issuer is ended, if it says where. */
  async #end(token: string): Promise<string | undefined> {
    const { revocation_endpoint: revocation, end_session_endpoint: endSession } = this.#server;
    if (revocation !== undefined && this.#isAllowed(revocation)) {
      // The user is signed out here in any case.
      const options = requestOptions(this.#settings.issuer);
      await oauth.revocationRequest(this.#server, this.#client, oauth.None(), token, options).catch(() => undefined);
    }
    if (endSession === undefined || !isSecure(endSession)) return undefined;
    const url = new URL(endSession);
    // Without `id_token_hint`: a token has no place in an address.
    url.searchParams.set('client_id', this.#settings.clientId);
    url.searchParams.set('post_logout_redirect_uri', `${location.origin}/`);
    return url.href;
  }

  #endpoint(name: 'authorization_endpoint' | 'token_endpoint'): string {
    const url = this.#server[name];
    if (url !== undefined && isSecure(url)) return url;
    throw new SignInError('INVALID_RESPONSE', `The issuer ${this.#settings.issuer} has no valid ${name}.`);
  }

  /** The Content-Security-Policy allows connections to these only; the browser would not say why it fails. */
  #isAllowed(url: string): boolean {
    const { issuer, endpointOrigins } = this.#settings;
    const { origin } = new URL(url);
    return isSecure(url) && [new URL(issuer).origin, location.origin, ...endpointOrigins].includes(origin);
  }

  #checkOrigin(name: 'token_endpoint'): void {
    const url = this.#endpoint(name);
    if (this.#isAllowed(url)) return;
    const message =
      `The issuer's ${name} is at ${new URL(url).origin}, where this page may not connect to. ` +
      'The operator of this gateway has to add it to console.oidc.endpointOrigins.';
    throw new SignInError('ENDPOINT_ORIGIN', message);
  }
}

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/;

const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname);

/** As the gateway checks the issuer: http is for loopback only. */
const isSecure = (url: string): boolean =>
  URL.canParse(url) && (new URL(url).protocol === 'https:' || (new URL(url).protocol === 'http:' && isLoopback(url)));

const requestOptions = (issuer: string) => ({
  [oauth.allowInsecureRequests]: isLoopback(issuer),
  signal: AbortSignal.timeout(TIMEOUT_MS),
});

/** Longer texts of an issuer are cut. */
const MAX_DESCRIPTION = 300;

/** Runs a step of the flow, and puts its failure into words. */
async function fromIssuer<T>(issuer: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw toSignInError(issuer, error);
  }
}

function toSignInError(issuer: string, error: unknown): SignInError {
  if (error instanceof SignInError) return error;
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const { error: code, error_description: description = '' } = error;
    const cause = CAUSES[code] ?? `The issuer has refused to sign you in (${code}).`;
    return new SignInError(
      code,
      description === '' ? cause : `${cause} It says: “${description.slice(0, MAX_DESCRIPTION)}”`,
    );
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    return new SignInError('INVALID_RESPONSE', `The answer of the issuer ${issuer} is not valid: ${error.message}.`);
  }
  const message =
    `The issuer ${issuer} cannot be reached. Check your connection, and whether the issuer allows requests of ` +
    `${location.origin} (CORS).`;
  return new SignInError('NETWORK_ERROR', message);
}

/** Errors of an authorization request (RFC 6749, section 4.1.2.1; OpenID Connect Core, section 3.1.2.6). */
const CAUSES: Readonly<Record<string, string>> = {
  access_denied: 'The issuer or you have denied the access.',
  invalid_grant: 'The answer of the issuer is not valid any more. Sign in again.',
  invalid_scope: 'The issuer does not know a scope of console.oidc.scope.',
  unauthorized_client: 'The issuer does not allow this to the client of console.oidc.clientId.',
  invalid_client: 'The issuer does not know the client of console.oidc.clientId, or it is no public client.',
  server_error: 'The issuer has failed. Try again later.',
  temporarily_unavailable: 'The issuer is overloaded. Try again later.',
};
