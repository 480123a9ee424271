import { randomUUID } from 'node:crypto';
import { REQUEST_ID_HEADER } from '../operation.ts';
import type { Step } from './step.ts';

/** The characters of ids that clients and proxies create, all safe in a log line. */
const WELL_FORMED = /^[\w.:+/=@-]{1,128}$/;

const COUNTED_DIGITS = 12;

/** A random prefix per process and a counter: unique, at a tenth of the cost of a random id. */
const prefix = randomUUID().slice(0, -COUNTED_DIGITS);
let counted = 0;

function newId(): string {
  counted += 1;
  return prefix + counted.toString(16).padStart(COUNTED_DIGITS, '0');
}

/** Returns the request id that the client or a proxy has sent, or a new one. */
export function requestIdOf(given: string | null | undefined): string {
  return given != null && WELL_FORMED.test(given) ? given : newId();
}

/** Gives every operation an id for its log lines. */
export const requestId: Step = {
  onRequest(operation) {
    operation.requestId ||= requestIdOf(operation.request.header(REQUEST_ID_HEADER));
  },
};
