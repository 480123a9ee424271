import { createHash } from 'node:crypto';
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

const version = '1';
const checksumBytes = 6;

/**
 * The checksum takes no secret: it tells a damaged cursor from a whole one, also after a restart, and a forged one wins its maker nothing,
 * for a cursor only says how much of a log, that its user may read anyway, to leave out.
 */
const checksum = (payload: string) => createHash('sha256').update(payload).digest().subarray(0, checksumBytes);

export const encodeCursor = ({ principal, log, epoch, sequence, scope, complete }: Position): string => {
  const payload = [version, principal, log, epoch, sequence, scope, complete ? 1 : 0].join('|');
  return Buffer.concat([checksum(payload), Buffer.from(payload)]).toString('base64url');
};

const damaged = () =>
  new WatchError(
    'The cursor in `after` is damaged or is none of a subscription. Pass the `cursor` of an event unchanged, or subscribe without `after`.',
    { code: 'INVALID_CURSOR', reason: 'MALFORMED', retryable: false },
  );

/** Throws a `WatchError` (INVALID_CURSOR) when the text is no cursor of a subscription. */
export const decodeCursor = (cursor: string): Position => {
  const bytes = Buffer.from(cursor, 'base64url');
  // Buffer skips what is not base64url; a cursor must be the very text that was given.
  if (bytes.toString('base64url') !== cursor) throw damaged();
  const payload = bytes.subarray(checksumBytes).toString();
  if (!checksum(payload).equals(bytes.subarray(0, checksumBytes))) throw damaged();
  const [madeBy, principal, log, epoch, sequence, scope, complete] = payload.split('|');
  if (madeBy !== version || principal === undefined || log === undefined || epoch === undefined) throw damaged();
  if (scope === undefined || !/^\d+$/.test(sequence ?? '')) throw damaged();
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

/** Decodes a cursor; throws a `WatchError` (INVALID_CURSOR) that says whence it came when it is another subscription's. */
export const decodeCursorOf = (cursor: string, expected: Expected): Position => {
  const position = decodeCursor(cursor);
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
