import { remembering } from '../../pipeline/remembering.ts';

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
export const MOST_ACCEPTS = 200;

/** Reads an `Accept` header. Of several types that are accepted, the first is sent; anything gets `application/json`. Nothing but UTF-8 is sent. */
export function readAccept(header: string | undefined): Accepted {
  return known(header || '*/*');
}

const known = remembering(MOST_ACCEPTS, (text: string): Accepted => {
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
});

/** Whether a type, in which either half may be `*`, covers one of ours. */
function matches(ours: string, type: string): boolean {
  const [main, sub] = ours.split('/');
  const [mainType, subType] = type.split('/');
  return (mainType === '*' || mainType === main) && (subType === '*' || subType === sub);
}
