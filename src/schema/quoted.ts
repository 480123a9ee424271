/** In characters. */
const MAX_QUOTED = 100;
const MAX_MEMBERS = 20;
const MAX_DEPTH = 5;

/** A text for a message, cut after `max` characters. */
export function shortened(text: string, max = MAX_QUOTED): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

/**
 * Formats a client's value for a message as JSON, cut after 100 characters. The time is bounded for any size and depth.
 */
export function quoted(value: unknown): string {
  return shortened(JSON.stringify(excerpt(value, MAX_DEPTH)) ?? String(value));
}

/** A copy of a JSON value with as much of it as a message has room for. */
function excerpt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_QUOTED + 1);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((item) => excerpt(item, depth - 1));
  // A client's object may have a member `__proto__`.
  const members: Record<string, unknown> = Object.create(null);
  let left = MAX_MEMBERS;
  for (const name in value) {
    if (left === 0) break;
    left -= 1;
    members[name.slice(0, MAX_QUOTED + 1)] = excerpt((value as Readonly<Record<string, unknown>>)[name], depth - 1);
  }
  return members;
}
