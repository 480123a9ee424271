import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { DEFAULT_HEADERS, SECURITY_HEADERS } from './headers.ts';

const HEADERS = { 'content-type': 'text/plain; charset=utf-8', ...SECURITY_HEADERS, ...DEFAULT_HEADERS } as const;

/** Sends one line of text, with the headers of every answer. */
export function sendText(response: ServerResponse, status: number, line: string, more?: OutgoingHttpHeaders): void {
  const body = `${line}\n`;
  response.writeHead(status, { ...HEADERS, 'content-length': Buffer.byteLength(body), ...more }).end(body);
}
