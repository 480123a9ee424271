/** What a caller may be allowed to do. Each is granted by itself: none includes another. */
export const scopes = [
  /** Queries and subscriptions, and what a mutation's result shows beyond AWS's own answer to it. */
  'read',
  /** Accept and decline handshakes. */
  'handshakes:respond',
  /** Invite, and take invitations back. */
  'handshakes:send',
  /** Rename and end responsibility transfers. */
  'transfers:manage',
  /** Everything else that changes something. */
  'organization:write',
] as const;

export type Scope = (typeof scopes)[number];
