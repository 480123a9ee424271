import { z } from 'zod';
import { isLoopback } from './loopback.ts';
import { scopes } from './scopes.ts';

/** What a caller may do, and as whom. */
const grant = {
  /** Names of the principals that it may use; the first is used when a request names none. */
  principals: z.array(z.string().min(1)).min(1),
  scopes: z.array(z.enum(scopes)),
};

const apiKey = z.strictObject({
  /** The caller's name: what `viewer.caller` and the log say. */
  name: z.string().min(1).max(128),
  /** Of the key, which itself is nowhere: a key has 256 random bits, so that a fast hash is as good as a slow one. */
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hexadecimal digits in lower case'),
  /** From then on the key is refused. */
  expires: z.iso.datetime({ offset: true, error: 'expected a time such as 2027-01-31T00:00:00Z' }).optional(),
  ...grant,
});

const claimValue = z.union([z.string(), z.number(), z.boolean()]);

const jwtRule = z.strictObject({
  /**
   * Claims that the token must have, each with this value or one of these. A claim that is a list has it when one of its items is it;
   * a text of words (`scope`, `scp`) when one of its words is it. Left out, the rule is for every valid token.
   */
  when: z.record(z.string(), z.union([claimValue, z.array(claimValue).min(1)])).optional(),
  ...grant,
});

/** Keys must come from where nobody can exchange them on the way. */
const jwksUri = z
  .url({ protocol: /^https?$/, error: 'expected an https URL' })
  .refine((url) => !URL.canParse(url) || new URL(url).protocol === 'https:' || isLoopback(new URL(url).hostname), {
    error: 'expected an https URL (http is for loopback only)',
  });

/** Who may call the gateway, and how they show who they are: `Authorization: Bearer <key or token>`. */
export const auth = z.discriminatedUnion('type', [
  /** Everybody who reaches the port may do everything, as every principal. Only on loopback. */
  z.strictObject({ type: z.literal('none') }),
  /** Keys that somebody has handed out. */
  z.strictObject({
    type: z.literal('apiKeys'),
    keys: z
      .array(apiKey)
      .min(1)
      .refine((all) => new Set(all.map(({ hash }) => hash)).size === all.length, 'two keys have the same hash')
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two keys have the same name'),
  }),
  /** Access tokens of an OpenID Connect or OAuth 2 server. */
  z.strictObject({
    type: z.literal('jwt'),
    /** What the claim `iss` must be, to the letter. */
    issuer: z.string().min(1),
    /** What the claim `aud` must be or hold: the name of this gateway. */
    audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
    /** Where the issuer publishes its keys. */
    jwksUri,
    algorithms: z
      .array(z.enum(['RS256', 'ES256', 'EdDSA']))
      .min(1)
      .default(['RS256', 'ES256', 'EdDSA']),
    /** How much the issuer's clock may differ from ours, in ms. */
    clockSkewMs: z.number().int().min(0).max(300_000).default(30_000),
    /** The issuer's keys are read again after this long, in ms. */
    jwksCacheMs: z.number().int().positive().default(600_000),
    /**
     * While the issuer cannot be reached, or sends no usable keys, known keys go on to be used for this long after `jwksCacheMs`, in ms. A key that the issuer has
     * withdrawn meanwhile is accepted for as long. 0 turns this off.
     */
    jwksMaxStaleMs: z.number().int().nonnegative().default(86_400_000),
    /** Reading the keys may take this long, their last byte included, in ms. */
    jwksTimeoutMs: z.number().int().positive().max(60_000).default(5_000),
    /** They are also read again for a token with a key that is not among them (rotation), but not more often than this, in ms. */
    jwksCooldownMs: z.number().int().nonnegative().default(30_000),
    /** The claim that names the caller. */
    callerClaim: z.string().min(1).default('sub'),
    /** What tokens are good for. What all rules that match grant is added up. */
    rules: z.array(jwtRule).min(1),
  }),
]);

interface Granting {
  readonly auth: z.output<typeof auth>;
  readonly principals: readonly { readonly name: string }[];
}

/** What `auth` names must be among `principals`. */
export function refuseUnknownPrincipals({ value, issues }: z.core.ParsePayload<Granting>): void {
  const known = value.principals.map(({ name }) => name);
  for (const { path, grant } of grantsOf(value.auth)) {
    for (const [index, input] of grant.principals.entries()) {
      if (known.includes(input)) continue;
      const message = `there is no such principal; there are ${known.join(', ')}`;
      issues.push({ code: 'custom', message, input, path: [...path, 'principals', index] });
    }
  }
}

function grantsOf(from: Granting['auth']) {
  switch (from.type) {
    case 'none':
      return [];
    case 'apiKeys':
      return from.keys.map((grant, index) => ({ path: ['auth', 'keys', index], grant }));
    case 'jwt':
      return from.rules.map((grant, index) => ({ path: ['auth', 'rules', index], grant }));
  }
}
