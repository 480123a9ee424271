export { type Authenticate, AuthenticationError, type Caller } from './caller.ts';
export { createAuthenticate, isAnonymous } from './create-authenticate.ts';
export { createPrincipals } from './create-principals.ts';
export { JwksStatus } from './jwks-status.ts';
export type { Principal } from './principal.ts';
export { warnOfMissingCredentials } from './warn-of-missing-credentials.ts';
