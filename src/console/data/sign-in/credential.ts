/** What the page sends to show who calls. It is in memory only: a reload forgets it. */
export interface Credential {
  /** The value of the header `Authorization`. */
  readonly authorization: string;
  /** In ms since the epoch; undefined if only the gateway knows. */
  readonly expiresAt?: number | undefined;
  /** When the next one should be requested, in ms since the epoch. */
  readonly refreshAt?: number | undefined;
  /** Requests the next one. Rejects with a `SignInError` if there is none, and with any other error if a retry may help. */
  readonly refresh?: (() => Promise<Credential>) | undefined;
  /** Ends the session at the issuer. Returns the address to go to, if the issuer has one. */
  readonly end?: (() => Promise<string | undefined>) | undefined;
}

/** Why users are not signed in. No message contains a credential. */
export class SignInError extends Error {
  /** One of the gateway's (docs/errors.md), of the issuer's, or `NETWORK_ERROR`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Longer ones are refused by the gateway, too. */
const MAX_LENGTH = 16_384;

/** Makes a credential of what was typed or pasted: a key or a token, with or without `Bearer` before it. */
export function credentialOf(typed: string, noun: string): Credential {
  const text = typed.trim().replace(/^bearer\s+/i, '');
  if (text === '') throw new SignInError('UNAUTHENTICATED', `Enter ${noun} first.`);
  if (!/^[\w.~+/=-]+$/.test(text) || text.length > MAX_LENGTH) {
    const message = `This cannot be ${noun}: it has letters, digits and - . _ ~ + / = only, and no spaces. Copy it again.`;
    throw new SignInError('UNAUTHENTICATED', message);
  }
  return { authorization: `Bearer ${text}` };
}
