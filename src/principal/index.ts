export { createPrincipals } from './create-principals.ts';
export type { Principal } from './principal.ts';
