import { REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { HttpRequest } from './request.ts';
import { COMMON_HEADERS } from './response.ts';

/** The only details of `/ready`, as it needs no credentials. */
export interface Report {
  readonly ready: boolean;
}

const JSON_TEXT = ['content-type', 'application/json; charset=utf-8'];
export const PROBE_PATHS: ReadonlySet<string> = new Set(['/health', '/ready']);

/** Yoga's header with its name. */
const HEALTHY = ['x-yoga-id', 'yoga'];

/**
 * Answers `/health` and `/ready` as Yoga does, without loading it: an idle gateway gets no other requests. Yoga handles
 * other methods and requests from pages of other origins. `report` never rejects.
 */
export function probes(report: () => Promise<Report>) {
  return (request: HttpRequest): boolean => {
    const { response, method, url } = request;
    if (!PROBE_PATHS.has(url) || request.header('origin') !== undefined) return false;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const send = (status: number, own: readonly string[], body: string): void => {
      if (response.destroyed) return;
      const length = ['content-length', String(Buffer.byteLength(body))];
      const headers = [...own, ...length, ...COMMON_HEADERS, REQUEST_ID_HEADER, request.requestId];
      response.writeHead(status, headers).end(body);
    };
    if (url === '/health') send(200, HEALTHY, '');
    else void report().then((found) => send(found.ready ? 200 : 503, JSON_TEXT, reportText(found)));
    return true;
  };
}

export const reportText = ({ ready }: Report): string => `${JSON.stringify({ ready })}\n`;
