import { createHash } from 'node:crypto';
import type { CursorKeys } from './cursor-keys.ts';
import { WatchError } from './errors.ts';

/** A place in an event log, as a cursor holds it. */
export interface Position {
  /** Name of the principal whose log it is. */
  readonly principal: string;
  /** Name of the log: the list, or `describe:<id>`. */
  readonly log: string;
  /** Of the run that numbered the last event seen. */
  readonly epoch: string;
  /** The last event seen. */
  readonly sequence: number;
  /** What the subscription was to: one object (its id), a list as a filter shows it (`?` and a digest), or all of a list (empty). */
  readonly scope: string;
  /** False in the midst of a snapshot: who stopped there has not seen everything that was present. */
  readonly complete: boolean;
}

const version = '2';

export const encodeCursor = (
  keys: CursorKeys,
  { principal, log, epoch, sequence, scope, complete }: Position,
): string => {
  const payload = [version, principal, log, epoch, sequence, scope, complete ? 1 : 0].join('|');
  return keys.sign(Buffer.from(payload)).toString('base64url');
};

const invalid = (reason: 'MALFORMED' | 'TAMPERED', what: string) =>
  new WatchError(
    `The cursor in \`after\` ${what}. Pass the \`cursor\` of an event unchanged, or subscribe without \`after\`.`,
    {
      code: 'INVALID_CURSOR',
      reason,
      retryable: false,
    },
  );

const malformed = () => invalid('MALFORMED', 'is damaged, or does not come from a subscription');

/**
 * The position in a cursor; undefined when it was signed with a key that is not known here (any more), so that nothing in it may be believed.
 * Throws a `WatchError` (INVALID_CURSOR) when it was changed.
 */
export const decodeCursor = async (keys: CursorKeys, cursor: string): Promise<Position | undefined> => {
  const bytes = Buffer.from(cursor, 'base64url');
  // Buffer skips what is not base64url; a cursor has one spelling, so that any changed character is noticed.
  if (bytes.toString('base64url') !== cursor) throw malformed();
  const signed = await keys.verify(bytes);
  if (signed === 'malformed') throw malformed();
  if (signed === 'tampered') throw invalid('TAMPERED', 'was changed');
  if (signed === 'unknownKey') return undefined;
  const [madeBy, principal, log, epoch, sequence, scope, complete] = signed.toString().split('|');
  if (madeBy !== version || principal === undefined || log === undefined || epoch === undefined) throw malformed();
  if (scope === undefined || !/^\d+$/.test(sequence ?? '')) throw malformed();
  return { principal, log, epoch, sequence: Number(sequence), scope, complete: complete === '1' };
};

/** The scope of a list's subscription; `filter` names what it asks for. */
export const scopeOfList = (filter: string | undefined): string =>
  filter === undefined ? '' : `?${createHash('sha256').update(filter).digest('base64url').slice(0, 8)}`;

const describe = (scope: string, log: string): string => {
  if (scope === '') return `the list ${log}`;
  return scope.startsWith('?') ? `the list ${log} with the filter ${scope.slice(1)}` : scope;
};

/** What a cursor must belong to. */
export interface Expected {
  readonly principal: string;
  /** Names of the logs that the subscription may be fed from. */
  readonly logs: readonly string[];
  readonly scope: string;
}

/** As `decodeCursor`; throws a `WatchError` (INVALID_CURSOR) that says where it comes from when it is another subscription's. */
export const decodeCursorOf = async (
  keys: CursorKeys,
  cursor: string,
  expected: Expected,
): Promise<Position | undefined> => {
  const position = await decodeCursor(keys, cursor);
  if (position === undefined) return undefined;
  if (position.principal !== expected.principal) {
    throw new WatchError(
      `The cursor in \`after\` was made for principal ${position.principal}, this subscription runs as ${expected.principal}. ` +
        'Use the principal that it was made for, or subscribe without `after`.',
      { code: 'INVALID_CURSOR', reason: 'OTHER_PRINCIPAL', retryable: false },
    );
  }
  if (position.scope !== expected.scope || !expected.logs.includes(position.log)) {
    const made = describe(position.scope, position.log);
    const asked = describe(expected.scope, expected.logs.join(' or '));
    throw new WatchError(
      `The cursor in \`after\` was made for ${made}, this subscription is to ${asked}. Subscribe without \`after\`.`,
      { code: 'INVALID_CURSOR', reason: 'OTHER_SUBSCRIPTION', retryable: false },
    );
  }
  return position;
};
