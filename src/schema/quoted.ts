// Not of the package's own index, and so of version 16 only: graphql-js prints values in its messages with it.
import { inspect } from 'graphql/jsutils/inspect.js';

/** In characters. */
const MAX_QUOTED = 100;
/** As many as `inspect` prints of an array; of an object it prints all. */
const MAX_MEMBERS = 10;
/** `inspect` does not print what is nested deeper. */
const MAX_DEPTH = 3;

/** A text for a message, cut after `max` characters. */
export function shortened(text: string, max = MAX_QUOTED): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

/** A client's value for a message, as graphql-js prints it and cut after 100 characters. It may be of any type and size: the time is bounded as well. */
export function quoted(value: unknown): string {
  return shortened(inspect(excerpt(value, 0)));
}

/** A copy of what `quoted` can print. */
function excerpt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_QUOTED + 1);
  if (typeof value !== 'object' || value === null) return value;
  const max = depth < MAX_DEPTH ? MAX_MEMBERS : 1;
  if (Array.isArray(value)) {
    const items = value.slice(0, max).map((item) => excerpt(item, depth + 1));
    // `inspect` says how many more there are.
    items.length = value.length;
    return items;
  }
  // A client's object may have a member `__proto__`.
  const members: Record<string, unknown> = Object.create(null);
  let left = max;
  for (const name in value) {
    if (left === 0) break;
    left -= 1;
    members[name.slice(0, MAX_QUOTED + 1)] = excerpt((value as Readonly<Record<string, unknown>>)[name], depth + 1);
  }
  return members;
}
