import type { IncomingMessage, ServerResponse } from 'node:http';
import { REQUEST_ID_HEADER } from '../carried-headers.ts';
import { requestIdOf } from '../steps/request-id.ts';
import { COMMON_HEADERS } from './headers.ts';
import { headerOf } from './http-carrier.ts';

export interface Report {
  readonly ready: boolean;
}

const TEXT = ['content-type', 'text/plain; charset=utf-8'];
const JSON_TEXT = ['content-type', 'application/json; charset=utf-8'];
/** Yoga names itself so. */
const HEALTHY = ['x-yoga-id', 'yoga'];

/**
 * Answers `/health` and `/ready` as whoever watches over a gateway asks for them, which is all that an idle one is asked: as Yoga does, without it. What it does
 * not take (false) is for Yoga: other methods, and what pages of other origins send.
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
    else
      report().then(
        (told) => send(told.ready ? 200 : 503, JSON_TEXT, reportText(told)),
        (error: unknown) => send(503, TEXT, error instanceof Error ? error.message : ''),
      );
    return true;
  };
}

/** As it is sent. */
export const reportText = (report: Report): string => `${JSON.stringify(report)}\n`;
