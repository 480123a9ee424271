import { z } from 'zod';
import { milliseconds, positiveMilliseconds, secureUrl, text } from './values.ts';

/** The scopes of callers. No scope includes another. */
export const scopes = [
  /** Queries, subscriptions, and fields of a mutation's result that AWS's reply does not contain. */
  'read',
  /** Accept and decline handshakes. */
  'handshakes:respond',
  /** Invite, and cancel invitations. */
  'handshakes:send',
  /** Rename and terminate responsibility transfers. */
  'transfers:manage',
  /** All other mutations. */
  'organization:write',
  /** The gateway's own state. */
  'gateway:read',
  /** Change the gateway's own state: start sweeps of the copy of an organization. */
  'gateway:manage',
  /** Which caller has made a change. */
  'audit:read',
] as const;

export type Scope = (typeof scopes)[number];

/** The scopes and principals of a caller. */
const grant = {
  principals: z
    .array(z.string().min(1))
    .min(1)
    .meta({
      examples: ['[payer]'],
      description: 'Names of the `principals` that it may use. The first is used when a request names none.',
    }),
  scopes: z.array(z.enum(scopes)).meta({
    examples: ['[read, handshakes:respond]'],
    description: 'The scopes of the caller. No scope includes another.',
  }),
};

const apiKey = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(128)
    .meta({ examples: ['anna'], description: "The caller's name, as `viewer.caller` and the log show it." }),
  // A key has 256 random bits, so a slow hash would not be safer.
  hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .meta({
      secret: true,
      expected: '"sha256:" and 64 hexadecimal digits in lower case',
      examples: [`"sha256:${'0123456789abcdef'.repeat(4)}"`],
      description: 'The SHA-256 hash of the key. The key itself is not in the file.',
    }),
  expires: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({
      expected: 'a time such as 2027-01-31T00:00:00Z',
      examples: ['2027-01-31T00:00:00Z'],
      description: 'The key is rejected from then on.',
    }),
  ...grant,
});

const claimValue = z.union([z.string(), z.number(), z.boolean()]);

const jwtRule = z.strictObject({
  when: z
    .record(
      z.string(),
      z
        .union([claimValue, z.array(claimValue).min(1)])
        .meta({ expected: 'a string, a number, true, false, or a list of these', examples: ['organization-admins'] }),
    )
    .optional()
    .meta({
      keys: 'claim',
      examples: ['{ groups: organization-admins }'],
      description:
        'Claims that the token must have, each with this value or one of these. A claim that is a list ' +
        'matches by one of ' +
        'its items; a string of words (`scope`, `scp`) by one of its words. Left out, the rule applies to ' +
        'every valid token.',
    }),
  ...grant,
});

/** How clients authenticate: `Authorization: Bearer <key or token>`. */
export const auth = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }).meta({
      description: 'No authentication: every client may do everything, with every principal. Only on loopback.',
    }),
    z
      .strictObject({
        type: z.literal('apiKeys'),
        keys: z
          .array(apiKey)
          .min(1)
          .meta({
            examples: ['[{ name: anna, hash: "sha256:…", principals: [payer], scopes: [read] }]'],
            description: 'The keys that are accepted.',
          }),
      })
      .meta({ description: 'API keys.' }),
    z
      .strictObject({
        type: z.literal('jwt'),
        issuer: text.meta({
          examples: ['https://login.example.com/'],
          description: 'The exact value of the claim `iss`.',
        }),
        audience: z.union([text, z.array(text).min(1)]).meta({
          expected: 'a string, or a list of strings',
          examples: ['orgql'],
          description: 'The value that the claim `aud` must be or contain: the name of this gateway.',
        }),
        jwksUri: secureUrl.meta({
          examples: ['https://login.example.com/.well-known/jwks.json'],
          description: 'The address of the keys that the issuer signs with.',
        }),
        algorithms: z
          .array(z.enum(['RS256', 'ES256', 'EdDSA']))
          .min(1)
          .default(['RS256', 'ES256', 'EdDSA'])
          .meta({ description: 'The signature algorithms that are accepted.' }),
        clockSkewMs: z.number().int().min(0).max(300_000).default(30_000).meta({
          unit: 'ms',
          description: "The maximum difference between the issuer's clock and the gateway's.",
        }),
        jwksCacheMs: positiveMilliseconds.default(600_000).meta({
          unit: 'ms',
          description: "The issuer's keys are read again after this time.",
        }),
        jwksMaxStaleMs: milliseconds.default(86_400_000).meta({
          unit: 'ms',
          description:
            'While the issuer cannot be reached, or sends no usable keys, known keys are used for this long after ' +
            '`jwksCacheMs`, and so is a key that the issuer has withdrawn meanwhile. 0 turns this off.',
        }),
        jwksTimeoutMs: z.number().int().positive().max(60_000).default(5_000).meta({
          unit: 'ms',
          description: 'The timeout for reading the keys.',
        }),
        jwksCooldownMs: milliseconds.default(30_000).meta({
          unit: 'ms',
          description: 'The keys are also read again for a token with an unknown key, but not more often than this.',
        }),
        callerClaim: text.default('sub').meta({ description: 'The claim that names the caller.' }),
        rules: z
          .array(jwtRule)
          .min(1)
          .meta({
            examples: ['[{ principals: [payer], scopes: [read] }]'],
            description: 'The permissions of tokens. A caller has the scopes and principals of all matching rules.',
          }),
      })
      .meta({ description: 'Access tokens of an OpenID Connect or OAuth 2 server.' }),
  ])
  .default({ type: 'none' })
  .meta({
    examples: ['{ type: none }'],
    description: 'The callers of the gateway (docs/security.md). `none` is rejected unless `host` is loopback.',
  });
