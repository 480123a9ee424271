import type { IncomingMessage } from 'node:http';
import { ENDPOINT } from './endpoint.ts';
import type { BufferedResponse } from './http/buffered-response.ts';
import { sendText } from './http/send-text.ts';
import { type Address, isOwnHost, isWellFormedHost } from './web-origin.ts';

/** Methods that the Fetch standard makes no `Request` of: https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** Rejects requests that are not for this server or that it cannot read, from their heads alone. Returns true if it has responded. */
export function refuseRequest(
  own: Address,
  { headers, rawHeaders, method = '', url = '' }: IncomingMessage,
  response: BufferedResponse,
  report: (reason: 'host_rejected' | 'request_malformed') => void,
): boolean {
  const hostIsWellFormed = isWellFormedHost(headers.host, rawHeaders);
  const encoding = headers['content-encoding'];
  if (
    hostIsWellFormed &&
    method === 'POST' &&
    url === ENDPOINT &&
    encoding === undefined &&
    response.expectation !== 'unsupported' &&
    isOwnHost(own, headers.host)
  )
    return false;
  // RFC 9112, section 3.2.
  if (!hostIsWellFormed) {
    report('request_malformed');
    sendText(
      response,
      400,
      'The Host header has to be there once, and to be a host name or an IP address, with or without a port.',
    );
    return true;
  }
  if (!isOwnHost(own, headers.host)) {
    report('host_rejected');
    sendText(
      response,
      421,
      `This server listens on ${own.host} and does not answer to the host "${headers.host?.slice(0, 100)}"; call it localhost or 127.0.0.1, or name it in allowedHosts.`,
    );
    return true;
  }
  if (FORBIDDEN_METHODS.has(method.toUpperCase())) {
    sendText(response, 405, `${method} is not answered.`);
    return true;
  }
  // RFC 9110, section 15.5.16: a client that compresses learns that it need not.
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    sendText(
      response,
      415,
      `A body with the content-encoding "${encoding.slice(0, 100)}" is not read; send it as it is.`,
      {
        'accept-encoding': 'identity',
      },
    );
    return true;
  }
  // RFC 9110, section 10.1.1.
  if (response.expectation === 'unsupported') {
    sendText(response, 417, 'The only expectation that this server knows is 100-continue.');
    return true;
  }
  // RFC 9112, section 3.2: a client that knows no proxy sends a path.
  if (!url.startsWith('/') || !URL.canParse(`http://localhost${url}`)) {
    report('request_malformed');
    sendText(response, 400, 'The request target is not a path.');
    return true;
  }
  return false;
}
