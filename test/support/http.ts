import { request } from 'node:http';

export interface PlainResponse {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Of the loopback network, to be another client. */
  readonly localAddress?: string;
}

/** A request with any header, `Host` and `Sec-Fetch-Site` included, which `fetch` does not allow. */
export function send(url: string, options: SendOptions = {}) {
  return new Promise<PlainResponse>((resolve, reject) => {
    const { method = 'GET', headers = {}, body, localAddress } = options;
    const outgoing = request(url, { method, headers, localAddress, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** POSTs a GraphQL operation and gives the status and the JSON that came back. */
export async function post(url: string, params: object, headers: Record<string, string> = {}) {
  const body = JSON.stringify(params);
  const { status, text } = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers },
    body,
  });
  return { status, body: JSON.parse(text) };
}
