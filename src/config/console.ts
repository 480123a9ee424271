import { z } from 'zod';
import { secureOrigin, secureUrl, text } from './values.ts';

/** Parameters of an authorization request that the page sets itself. */
const OWN_PARAMETERS = new Set([
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

const oidc = z.strictObject({
  issuer: secureUrl
    .refine((url) => !/[?#]/.test(url))
    .meta({
      expected: 'an https URL without a query (http is for loopback only)',
      examples: ['https://login.example.com/'],
      description:
        'The OpenID Connect issuer. Its `/.well-known/openid-configuration` names its endpoints. The Content-Security-Policy ' +
        'of the page allows connections to its origin.',
    }),
  clientId: text.meta({
    examples: ['orgql-console'],
    description:
      "The page's client id: a public client, without a secret, for the code flow with PKCE. Its redirect URI is " +
      '`/signed-in` at the address of the gateway, and `/` after signing out.',
  }),
  scope: z
    .string()
    .regex(/^(?:\S+ )*openid(?: \S+)*$/)
    .default('openid')
    .meta({
      expected: 'scopes with spaces between them, one of which is openid',
      description: 'The scopes that the page requests. `offline_access` gets a refresh token from most issuers.',
    }),
  parameters: z
    .record(
      text.refine((name) => !OWN_PARAMETERS.has(name)).meta({ expected: 'a parameter that the page does not set' }),
      text.meta({ examples: ['orgql'] }),
    )
    .default({})
    .meta({
      keys: 'parameter',
      examples: ['{ audience: orgql }'],
      description:
        'Further parameters of the authorization request, such as `audience` or `resource` where the issuer needs them ' +
        "for the token's audience.",
    }),
  endpointOrigins: z
    .array(secureOrigin)
    .default([])
    .meta({
      examples: ['["https://tokens.example.com"]'],
      description:
        "The origins of the issuer's token and revocation endpoints, if they differ from that of the issuer. The page " +
        'connects to no others.',
    }),
});

export const consolePage = z
  .strictObject({
    enabled: z
      .boolean()
      .optional()
      .meta({
        description:
          'Serves the page. Default: true with `auth` and in the demo, otherwise false. Without the page, `/` ' +
          'redirects to GraphiQL.',
      }),
    oidc: oidc.optional().meta({
      examples: ['{ issuer: "https://login.example.com/", clientId: orgql-console }'],
      description: 'Sign-in with OpenID Connect, for `auth.type: jwt`. Without it, users enter an API key or a token.',
    }),
  })
  .prefault({})
  .meta({ description: 'The console, a web page at `/` that shows the organization.' });

/** Whether the gateway serves the console. Without `auth`, every reader of the page acts with all principals. */
export const hasConsole = ({
  console: page,
  auth,
}: {
  readonly console: { readonly enabled?: boolean | undefined };
  readonly auth: { readonly type: string };
}): boolean => page.enabled ?? auth.type !== 'none';
