export { createAuthenticate, isAnonymous } from './authenticate.ts';
export { type Authenticate, AuthenticationError, type Caller } from './caller.ts';
export { createPrincipals } from './create-principals.ts';
export { JwksStatus } from './jwks-status.ts';
export { warnOfMissingCredentials } from './missing-credentials.ts';
export type { Principal } from './principal.ts';
