import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { ENDPOINT } from './endpoint.ts';
import { DEFAULT_HEADERS, SECURITY_HEADERS } from './http/headers.ts';
import { type Address, isOwnHost } from './web-origin.ts';

/** What the Fetch standard makes no `Request` of: https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK']);

const HEADERS = { 'content-type': 'text/plain; charset=utf-8', ...SECURITY_HEADERS, ...DEFAULT_HEADERS } as const;

/** Answers a request that is none for this server, before anything looks into it. True when it did. */
export function refuseRequest(
  address: Address,
  { headers, method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
): boolean {
  const encoding = headers['content-encoding'];
  if (method === 'POST' && url === ENDPOINT && encoding === undefined && isOwnHost(address, headers.host)) return false;
  const refuse = (status: number, why: string, more?: OutgoingHttpHeaders) => {
    response.writeHead(status, { ...HEADERS, ...more }).end(`${why}\n`);
    return true;
  };
  if (!isOwnHost(address, headers.host))
    return refuse(
      421,
      `This server listens on ${address.host} and does not answer to the host "${headers.host}"; call it localhost or 127.0.0.1, or name it in allowedHosts.`,
    );
  if (FORBIDDEN_METHODS.has(method.toUpperCase())) return refuse(405, `${method} is not answered.`);
  // RFC 9110, section 15.5.16: a client that compresses learns that it need not.
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
    return refuse(415, `A body with the content-encoding "${encoding}" is not read; send it as it is.`, {
      'accept-encoding': 'identity',
    });
  // RFC 9112, section 3.2: a client that knows no proxy sends a path.
  if (!url.startsWith('/') || !URL.canParse(`http://localhost${url}`))
    return refuse(400, 'The request target is not a path.');
  return false;
}
