import { randomBytes } from 'node:crypto';
import { ToolError } from './tool-error.ts';

/** The call that a token belongs to. */
export interface Binding {
  readonly tool: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface BoundTokensOptions {
  /** What messages call a token. */
  readonly label: string;
  /** What the client does without a valid token. */
  readonly remedy: string;
  /** What messages say of a token that was taken. */
  readonly takenMeans?: string;
  readonly ttlMs: number;
  readonly maxTokens: number;
  /** Of all values together. */
  readonly maxBytes: number;
}

interface Entry<T> {
  readonly key: string;
  /** Undefined after its use. */
  value: T | undefined;
  bytes: number;
  /** On the monotonic clock, in ms. */
  readonly expiresAt: number;
}

/**
 * Values that a later call of the same tool with the same arguments can get by a token, for a limited time. They belong
 * to one session, as each session has its own. The oldest are removed when there are too many.
 */
export class BoundTokens<T> {
  readonly #options: BoundTokensOptions;
  readonly #entries = new Map<string, Entry<T>>();
  #bytes = 0;

  constructor(options: BoundTokensOptions) {
    this.#options = options;
  }

  issue(binding: Binding, value: T, bytes = 0): string {
    const { ttlMs, maxTokens, maxBytes } = this.#options;
    const token = randomBytes(18).toString('base64url');
    this.#entries.set(token, { key: keyOf(binding), value, bytes, expiresAt: performance.now() + ttlMs });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (oldest === token || (this.#entries.size <= maxTokens && this.#bytes <= maxBytes)) break;
      this.#entries.delete(oldest);
      this.#bytes -= entry.bytes;
    }
    return token;
  }

  /** @throws {ToolError} if the token is invalid for this call */
  read(token: string, binding: Binding): T {
    return this.#find(token, binding).value;
  }

  /** Returns the value once. @throws {ToolError} if the token is invalid for this call, or used already */
  take(token: string, binding: Binding): T {
    const { entry, value } = this.#find(token, binding);
    entry.value = undefined;
    this.#bytes -= entry.bytes;
    entry.bytes = 0;
    return value;
  }

  #find(token: string, binding: Binding): { readonly entry: Entry<T>; readonly value: T } {
    const { label, remedy, takenMeans = remedy } = this.#options;
    const entry = this.#entries.get(token);
    if (entry === undefined) throw new ToolError(`The ${label} is not one of this session, or too old. ${remedy}`);
    if (entry.key !== keyOf(binding))
      throw new ToolError(`The ${label} belongs to another tool or to other arguments. ${remedy}`);
    const { value } = entry;
    if (value === undefined) throw new ToolError(`The ${label} was used already. ${takenMeans}`);
    if (performance.now() >= entry.expiresAt) throw new ToolError(`The ${label} has expired. ${remedy}`);
    return { entry, value };
  }
}

const keyOf = ({ tool, variables }: Binding): string => `${tool} ${JSON.stringify(variables, sortMembers)}`;

/** The order of members makes no other arguments. */
function sortMembers(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
