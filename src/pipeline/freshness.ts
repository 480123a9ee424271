import { GraphQLError } from 'graphql';
import type { Freshness } from '../inventory/types.ts';
import { quoted } from '../schema/quoted.ts';
import { memberOf, type Operation } from './operation.ts';

/** As good as infinite: https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2 */
const MAX_SECONDS = 2 ** 31;

interface Options {
  /** In seconds. */
  readonly maxAge?: number | undefined;
  readonly onlyIfCached?: boolean | undefined;
  readonly noCache?: boolean | undefined;
}

/**
 * How old the data of an operation may be, from `extensions.orgql` and the header `Cache-Control`; undefined if neither
 * says it. `noCache` of either has precedence, then the other members of the extension, then those of the header.
 * @throws GraphQLError BAD_REQUEST for an invalid or unknown member of `extensions.orgql`.
 */
export function readFreshness({ params, request }: Pick<Operation, 'params' | 'request'>): Freshness | undefined {
  const extension = memberOf(params.extensions, 'orgql');
  const header = request.header('cache-control');
  if (extension == null && header === undefined) return undefined;
  const own = extension == null ? {} : checkExtension(extension);
  const sent = header === undefined ? {} : parseCacheControl(header);
  if (own.noCache === true || sent.noCache === true) return { maxAgeMs: undefined, onlyIfCached: false, noCache: true };
  const maxAge = own.maxAge ?? sent.maxAge;
  const onlyIfCached = own.onlyIfCached ?? sent.onlyIfCached ?? false;
  if (maxAge === undefined && !onlyIfCached) return undefined;
  return {
    maxAgeMs: maxAge === undefined ? undefined : Math.min(maxAge, MAX_SECONDS) * 1_000,
    onlyIfCached,
    noCache: false,
  };
}

/** The members of `extensions.orgql`, with the values that each may have. */
const MEMBERS = {
  maxAge: {
    expected: 'a number of seconds, 0 or more',
    isValid: (value: unknown) => isFiniteNumber(value) && value >= 0,
  },
  onlyIfCached: { expected: 'true or false', isValid: isBoolean },
  noCache: { expected: 'true or false', isValid: isBoolean },
  estimate: { expected: 'true or false', isValid: isBoolean },
} as const;

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function checkExtension(extension: unknown): Options {
  if (typeof extension !== 'object' || extension === null || Array.isArray(extension))
    throw badRequest('extensions.orgql', `expected an object, got ${quoted(extension)}.`);
  const options: Record<string, unknown> = {};
  for (const name of Object.keys(extension)) {
    const value = memberOf(extension, name);
    if (!Object.hasOwn(MEMBERS, name))
      throw badRequest(
        `extensions.orgql has no member ${quoted(name)}`,
        `known are ${Object.keys(MEMBERS).join(', ')}.`,
      );
    const { expected, isValid } = MEMBERS[name as keyof typeof MEMBERS];
    // As in variables and parameters, null is the same as absent.
    if (value === null || value === undefined) continue;
    if (!isValid(value)) throw badRequest(`extensions.orgql.${name}`, `expected ${expected}, got ${quoted(value)}.`);
    options[name] = value;
  }
  return options;
}

function badRequest(subject: string, problem: string): GraphQLError {
  return new GraphQLError(`${subject}: ${problem}`, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

/** A directive and its argument, a token or a quoted text: https://www.rfc-editor.org/rfc/rfc9111#section-5.2 */
const DIRECTIVE = /(?:^|,)\s*([!#$%&'*+.^_`|~\w-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?\s*(?=,|$)/g;
/** A number of seconds: https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2 */
const DELTA_SECONDS = /^\d+$/;

/**
 * The request directives of a `Cache-Control` header. Unknown directives, and those with an invalid argument, are
 * ignored. `no-store` has the effect of `no-cache`. The first of several `max-age` counts.
 */
export function parseCacheControl(header: string): Options {
  let options: Options = {};
  for (const [, name = '', text, token] of header.matchAll(DIRECTIVE)) {
    const argument = text ?? token;
    const directive = name.toLowerCase();
    if ((directive === 'no-cache' || directive === 'no-store') && argument === undefined)
      options = { ...options, noCache: true };
    else if (directive === 'only-if-cached' && argument === undefined) options = { ...options, onlyIfCached: true };
    else if (directive === 'max-age' && argument !== undefined && DELTA_SECONDS.test(argument))
      options = { maxAge: Number(argument), ...options };
  }
  return options;
}
