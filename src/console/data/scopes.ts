/** What callers may do with each scope (docs/security.md), in the order in which it is shown. */
export const SCOPES: Readonly<Record<string, string>> = {
  read: 'Read the organization',
  'handshakes:respond': 'Accept and decline invitations',
  'handshakes:send': 'Invite, and cancel invitations',
  'transfers:manage': 'Rename and end transfers',
  'organization:write': 'Change the organization',
  'gateway:read': 'See the status of the gateway',
  'gateway:manage': 'Refresh the lists of the gateway',
  'audit:read': 'See the callers of changes',
};

/** Scopes that change nothing. */
const READING = new Set(['read', 'gateway:read', 'audit:read']);

/** Scopes in a few words: "all scopes", "read only". */
export function scopesInWords(scopes: readonly string[]): string {
  if (Object.keys(SCOPES).every((scope) => scopes.includes(scope))) return `all ${scopes.length} scopes`;
  if (scopes.length === 0) return 'no scopes';
  if (scopes.every((scope) => READING.has(scope))) return 'read only';
  return scopes.length === 1 ? '1 scope' : `${scopes.length} scopes`;
}
