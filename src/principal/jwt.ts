import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Config } from '../config/index.ts';
import { type Authenticate, AuthenticationError, bearer, type Caller } from './caller.ts';
import { IssuerKeys, type JwksObserver } from './issuer-keys.ts';

type Jwt = Extract<Config['auth'], { type: 'jwt' }>;

/** Claims whose string is a list of words: RFC 8693, section 4.2, and Microsoft's name for it. */
const LISTS_OF_WORDS = new Set(['scope', 'scp']);

/**
 * Authenticates JSON Web Tokens (RFC 7519). Only configured public-key algorithms are accepted, so neither `none` nor
 * HS256 (with the public key as secret). A token needs `exp` and a caller name.
 */
export function createJwt(settings: Jwt, observer?: JwksObserver): Authenticate {
  const { issuer, audience, algorithms, clockSkewMs, callerClaim } = settings;
  const keys = new IssuerKeys(settings, observer);
  const options: JWTVerifyOptions = {
    issuer,
    audience: typeof audience === 'string' ? audience : [...audience],
    algorithms: [...algorithms],
    clockTolerance: clockSkewMs / 1000,
    requiredClaims: ['exp', callerClaim],
  };

  return async (authorization) => {
    const token = bearer(authorization);
    const claims = await jwtVerify(token, keys.find, options).then(
      ({ payload }) => payload,
      (error: unknown) => {
        throw refusal(error, settings);
      },
    );
    return callerOf(claims, settings);
  };
}

function callerOf(claims: JWTPayload, { callerClaim, clockSkewMs, rules }: Jwt): Caller {
  const name = claims[callerClaim];
  if (typeof name !== 'string' || name === '' || name.length > 256)
    throw new AuthenticationError(
      'UNAUTHENTICATED',
      `The token's claim "${callerClaim}" is not a valid caller name; expected a string of 1 to 256 characters.`,
    );
  const matching = rules.filter(({ when = {} }) =>
    Object.entries(when).every(([claim, wanted]) =>
      hasClaim(claims, claim, typeof wanted === 'object' ? wanted : [wanted]),
    ),
  );
  if (matching.length === 0)
    throw new AuthenticationError(
      'FORBIDDEN',
      'The token is valid, but its claims match no rule of this gateway (auth.rules).',
      { caller: name },
    );
  return {
    name,
    principals: [...new Set(matching.flatMap(({ principals }) => principals))],
    scopes: new Set(matching.flatMap(({ scopes }) => scopes)),
    expiresAt: (claims.exp ?? 0) * 1000 + clockSkewMs,
  };
}

function hasClaim(claims: JWTPayload, name: string, wanted: readonly unknown[]): boolean {
  const claim = claims[name];
  if (Array.isArray(claim)) return claim.some((item) => wanted.includes(item));
  // Other claims are compared as a whole, so that a user-chosen name such as "x admin" does not match "admin".
  if (LISTS_OF_WORDS.has(name) && typeof claim === 'string')
    return claim.split(' ').some((word) => wanted.includes(word));
  return wanted.includes(claim);
}

/** Converts a library error; its own message may quote claims. */
function refusal(error: unknown, { issuer, audience, algorithms, callerClaim }: Jwt): AuthenticationError {
  const refused = (message: string) => new AuthenticationError('UNAUTHENTICATED', message, { cause: error });
  if (error instanceof errors.JWTExpired) return refused('The token has expired. Request a new one.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'iss':
        return refused(`The token is of another issuer; expected ${issuer}.`);
      case 'aud':
        return refused(`The token is for another audience; expected ${[audience].flat().join(' or ')}.`);
      case 'nbf':
        return refused('The token is not valid yet.');
      default:
        return refused(`The token's claims are not complete; exp, iss, aud and ${callerClaim} are needed.`);
    }
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return refused(`The token's algorithm is not allowed; expected ${algorithms.join(', ')}.`);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return refused('The token is signed with a key that its issuer does not publish.');
  const invalid = [
    errors.JWTInvalid,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JOSENotSupported,
  ];
  if (invalid.some((type) => error instanceof type)) return refused('The token is not a valid one.');
  return new AuthenticationError(
    'AUTHENTICATION_UNAVAILABLE',
    "The issuer's keys cannot be read at the moment; try again.",
    { cause: error },
  );
}
