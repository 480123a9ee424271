import type { IncomingMessage, ServerResponse } from 'node:http';
import { REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import { requestIdOf } from '../../pipeline/steps/request-id.ts';
import { COMMON_HEADERS } from './headers.ts';
import { headerOf } from './http-carrier.ts';

/** All that `/ready` says: it needs no credentials. */
export interface Report {
  readonly ready: boolean;
}

const JSON_TEXT = ['content-type', 'application/json; charset=utf-8'];
/** Yoga names itself so. */
const HEALTHY = ['x-yoga-id', 'yoga'];

/**
 * Answers `/health` and `/ready` as whoever watches over a gateway asks for them, which is all that an idle one is asked: as Yoga does, without it. What it does
 * not take (false) is for Yoga: other methods, and what pages of other origins send. `report` never rejects.
 */
export function probes(report: () => Promise<Report>) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { method, url, headers } = request;
    if ((url !== '/health' && url !== '/ready') || headers.origin !== undefined) return false;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const id = requestIdOf(headerOf(request, REQUEST_ID_HEADER));
    const send = (status: number, own: readonly string[], body: string): void => {
      if (response.destroyed) return;
      const length = ['content-length', String(Buffer.byteLength(body))];
      response.writeHead(status, [...own, ...length, ...COMMON_HEADERS, REQUEST_ID_HEADER, id]).end(body);
    };
    if (url === '/health') send(200, HEALTHY, '');
    else void report().then((told) => send(told.ready ? 200 : 503, JSON_TEXT, reportText(told)));
    return true;
  };
}

/** As it is sent. */
export const reportText = ({ ready }: Report): string => `${JSON.stringify({ ready })}\n`;
