import { randomUUID } from 'node:crypto';
import { REQUEST_ID_HEADER } from '../operation.ts';
import type { Step } from './step.ts';

/** What may stand in a log line: what proxies and clients make, and nothing that could be taken for anything else. */
const WELL_FORMED = /^[\w.:+/=@-]{1,128}$/;

const COUNTED_DIGITS = 12;

/** Random for the process, and counted within it: as unique as a random one for each, and a tenth of its cost. */
const prefix = randomUUID().slice(0, -COUNTED_DIGITS);
let counted = 0;

function newId(): string {
  counted += 1;
  return prefix + counted.toString(16).padStart(COUNTED_DIGITS, '0');
}

/** The id that the client, or a proxy before us, has given a request, else a new one. */
export function requestIdOf(given: string | null | undefined): string {
  return given != null && WELL_FORMED.test(given) ? given : newId();
}

/** Gives every operation an id that its log lines have. */
export const requestId: Step = {
  onRequest(operation) {
    operation.requestId ||= requestIdOf(operation.request.header(REQUEST_ID_HEADER));
  },
};
