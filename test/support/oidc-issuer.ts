import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const CLIENT_ID = 'orgql-console';

interface Grant {
  readonly sub: string;
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

/** What a test changes in an issuer. */
interface IssuerOptions {
  /** The user that its page signs in. */
  user: string;
  /** Lifetime of access tokens, in seconds. */
  lifetime: number;
  /** Whether it gives refresh tokens. */
  refreshes: boolean;
  /** Members of its metadata that differ. */
  metadata: Record<string, unknown>;
  /** The state that it sends back, if it is not the one of the request. */
  state: string | undefined;
  /** Whether its token endpoint fails. */
  isFailing: boolean;
  /** The nonce that it puts into ID tokens, if it is not the one of the request. */
  nonce: string | undefined;
}

/**
 * An OpenID Connect issuer on loopback: the code flow with PKCE, rotated refresh tokens, of which each is good for one
 * use, revocation, and the end of sessions. Its page asks whether to sign in.
 */
export async function startOidcIssuer(given: Partial<IssuerOptions> = {}) {
  const options: IssuerOptions = {
    user: 'anna',
    lifetime: 300,
    refreshes: true,
    metadata: {},
    state: undefined,
    isFailing: false,
    nonce: undefined,
    ...given,
  };
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const codes = new Map<string, Grant>();
  const refreshTokens = new Map<string, string>();
  const counts = { codes: 0, refreshes: 0, revocations: 0, rejected: 0 };
  /** Every secret that it has issued. */
  const issued = { codes: [] as string[], tokens: [] as string[] };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    end_session_endpoint: `${issuer}/end-session`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
    ...options.metadata,
  });

  const sign = async (claims: Record<string, unknown>, lifetime: number) => {
    const now = Date.now() / 1_000;
    const token = await new SignJWT({ iss: issuer, iat: Math.floor(now), exp: now + lifetime, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'only' })
      .sign(privateKey);
    issued.tokens.push(token);
    return token;
  };

  const secret = (kind: keyof typeof issued) => {
    const text = randomBytes(24).toString('base64url');
    issued[kind].push(text);
    return text;
  };

  async function tokens(sub: string, nonce: string | undefined) {
    const { lifetime, refreshes } = options;
    const refreshToken = secret('tokens');
    if (refreshes) refreshTokens.set(refreshToken, sub);
    return {
      access_token: await sign({ sub, aud: 'orgql', jti: randomBytes(8).toString('hex') }, lifetime),
      token_type: 'Bearer',
      expires_in: lifetime,
      ...(refreshes && { refresh_token: refreshToken }),
      ...(nonce !== undefined && { id_token: await sign({ sub, aud: CLIENT_ID, nonce }, 300) }),
    };
  }

  async function token(body: URLSearchParams): Promise<[status: number, result: object]> {
    const refuse = (error: string): [number, object] => {
      counts.rejected += 1;
      return [400, { error }];
    };
    if (options.isFailing) return [503, { error: 'temporarily_unavailable' }];
    if (body.get('client_id') !== CLIENT_ID) return refuse('invalid_client');
    if (body.get('grant_type') === 'refresh_token') {
      const used = body.get('refresh_token') ?? '';
      const sub = refreshTokens.get(used);
      refreshTokens.delete(used);
      if (sub === undefined) return refuse('invalid_grant');
      counts.refreshes += 1;
      return [200, await tokens(sub, undefined)];
    }
    const grant = codes.get(body.get('code') ?? '');
    codes.delete(body.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant?.challenge !== challenge || grant.redirectUri !== body.get('redirect_uri'))
      return refuse('invalid_grant');
    counts.codes += 1;
    return [200, await tokens(grant.sub, options.nonce ?? grant.nonce)];
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = secret('codes');
    const redirectUri = query.get('redirect_uri') ?? '';
    const isValid = query.get('client_id') === CLIENT_ID && query.get('code_challenge_method') === 'S256';
    codes.set(code, {
      sub: options.user,
      nonce: query.get('nonce') ?? '',
      challenge: (isValid && query.get('code_challenge')) || '',
      redirectUri,
    });
    const back = (answer: Record<string, string>) =>
      `${redirectUri}?${new URLSearchParams({ ...answer, state: options.state ?? query.get('state') ?? '', iss: issuer })}`.replaceAll(
        '&',
        '&amp;',
      );
    const denied = { error: 'access_denied', error_description: 'You are not in the group orgql.' };
    response
      .writeHead(200, { 'content-type': 'text/html', 'cross-origin-opener-policy': 'same-origin' })
      .end(
        `<!doctype html><title>Issuer</title><a href="${back({ code })}">Allow</a> <a href="${back(denied)}">Deny</a>`,
      );
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    const send = (status: number, result: object) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
        .end(JSON.stringify(result));
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return void send(200, metadata());
      case '/jwks':
        return void send(200, { keys: [{ ...(await exportJWK(publicKey)), kid: 'only', alg: 'ES256', use: 'sig' }] });
      case '/authorize':
        return authorize(searchParams, response);
      case '/token':
        return void send(...(await token(new URLSearchParams(await textOf(request)))));
      case '/revoke': {
        counts.revocations += 1;
        refreshTokens.delete(new URLSearchParams(await textOf(request)).get('token') ?? '');
        return void send(200, {});
      }
      case '/end-session': {
        const target = `${searchParams.get('post_logout_redirect_uri')}`;
        return void response.writeHead(302, { location: target }).end();
      }
      default:
        return void send(404, {});
    }
  }

  const close = async () => {
    server.closeAllConnections();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    origin: issuer,
    options,
    counts,
    issued,
    /** The settings of a gateway that accepts its tokens. */
    settings: {
      auth: {
        type: 'jwt' as const,
        issuer,
        audience: 'orgql',
        jwksUri: `${issuer}/jwks`,
        clockSkewMs: 0,
        rules: [
          {
            when: { sub: 'anna' },
            principals: ['partner', 'customer'],
            scopes: ['read' as const, 'gateway:read' as const],
          },
          { when: { sub: 'ben' }, principals: ['customer'], scopes: ['read' as const] },
        ],
      },
      console: { enabled: true, oidc: { issuer, clientId: CLIENT_ID, scope: 'openid offline_access' } },
    },
    /** A token for the gateway that was issued to another client. */
    accessToken: (sub: string) => sign({ sub, aud: 'orgql' }, 300),
    /** Ends all sessions: no refresh token is good any more. */
    endSessions: () => refreshTokens.clear(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
