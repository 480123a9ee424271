import { randomUUID } from 'node:crypto';
import type { Step } from './step.ts';

/** The header that a request's id comes in and goes back in; a WebSocket's operations have it in `extensions.headers`. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** What may stand in a log line: what proxies and clients make, and nothing that could be taken for anything else. */
const WELL_FORMED = /^[\w.:+/=@-]{1,128}$/;

/** The id that the client, or a proxy before us, has given a request, else a new one. */
export function requestIdOf(given: string | null | undefined): string {
  return given != null && WELL_FORMED.test(given) ? given : randomUUID();
}

/** Gives every operation an id that its log lines have. */
export const requestId: Step = {
  admit(operation) {
    operation.requestId ||= requestIdOf(operation.carrier.header(REQUEST_ID_HEADER));
  },
};
