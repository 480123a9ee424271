import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';

/** What a client accepts, as far as it decides how an answer is sent. */
export interface Accepted {
  /** The media type of an answer that is one result; undefined when none of ours is accepted. */
  readonly result: ResultType | undefined;
  /** Whether it asks for events or pieces by name. */
  readonly asksForStream: boolean;
  /** Whether events may be sent to it. */
  readonly events: boolean;
}

export type ResultType = 'application/json' | 'application/graphql-response+json';

const RESULT_TYPES: readonly ResultType[] = ['application/graphql-response+json', 'application/json'];
const EVENTS = 'text/event-stream';
const PIECES = 'multipart/mixed';

/** Clients send few different values. */
export const MAX_ACCEPTS = 200;

/** Reads an `Accept` header. Of several types that are accepted, the first is sent; anything gets `application/json`. Nothing but UTF-8 is sent. */
export function readAccept(header: string | undefined): Accepted {
  return acceptedTypes.memo(header || '*/*');
}

const acceptedTypes = new LRUCache<string, Accepted>({ max: MAX_ACCEPTS, memoMethod: parseAccept });

function parseAccept(text: string): Accepted {
  const types = text
    .replace(/\s/g, '')
    .toLowerCase()
    .split(',')
    .flatMap((each) => {
      const [type = '', ...params] = each.split(';');
      const charset = params.find((param) => param.includes('charset=')) ?? 'charset=utf-8';
      return charset === 'charset=utf-8' ? [type] : [];
    });
  const preferred = types.find((type) => RESULT_TYPES.some((ours) => matches(ours, type)));
  return {
    result: preferred === undefined ? undefined : RESULT_TYPES.findLast((ours) => matches(ours, preferred)),
    asksForStream: types.includes(EVENTS) || types.includes(PIECES),
    events: types.some((type) => matches(EVENTS, type)),
  };
}

/** Whether a type, in which either half may be `*`, covers one of ours. */
function matches(ours: string, type: string): boolean {
  const [main, sub] = ours.split('/');
  const [mainType, subType] = type.split('/');
  return (mainType === '*' || mainType === main) && (subType === '*' || subType === sub);
}

/**
 * Writes the headers that say how a body is to be read and answered as most clients write them, for those who read them by their letters: media types are the
 * same in any case and with any white space around `;` and `,` (RFC 9110, section 8.3.1), a charset in quotes or without, and of those that are accepted the one with the
 * greatest `q` comes first, and one with none at all is not accepted (section 12.5.1).
 */
export function normalizeHeaders(headers: IncomingHttpHeaders): void {
  const { accept, 'content-type': type, 'content-encoding': encoding } = headers;
  if (type !== undefined && !PLAIN_TYPE.test(type)) headers['content-type'] = plainType(type);
  if (accept !== undefined && WEIGHTS_OR_QUOTES.test(accept)) headers.accept = plainAccepts.memo(accept);
  // RFC 9110, section 8.4: a list, which may be empty.
  if (encoding?.trim() === '') delete headers['content-encoding'];
}

const PLAIN_TYPE = /^[a-z0-9.+/-]+(?:;|$)/;
const WEIGHTS_OR_QUOTES = /q\s*=|"/i;
const QUOTED_CHARSET = /(charset\s*=\s*)"([^"]*)"/i;

/** Parameters stay as they are: a boundary, say, is another in another case. */
function plainType(type: string): string {
  const [media = '', ...parameters] = type.split(';');
  return [media.trim().toLowerCase(), ...parameters].join(';');
}

const plainAccepts = new LRUCache<string, string>({ max: MAX_ACCEPTS, memoMethod: plainAccept });

function plainAccept(accept: string): string {
  const accepted = accept
    .split(',')
    .map((each) => ({ text: each.trim().replace(QUOTED_CHARSET, '$1$2'), weight: weightOf(each) }))
    .filter(({ text, weight }) => text !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ text }) => text);
  return accepted.length > 0 ? accepted.join(', ') : NOTHING;
}

/** No header would accept anything. */
const NOTHING = 'none/none';

/** One that is no number between 0 and 1 is as if it were not there. */
function weightOf(accepted: string): number {
  const [, text = ''] = /;\s*q\s*=\s*([\d.]+)/i.exec(accepted) ?? [];
  const weight = Number(text);
  return text !== '' && weight >= 0 && weight <= 1 ? weight : 1;
}
