import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

/** A request that waits for the test to answer it. */
export interface Exchange {
  readonly operation: string;
  readonly input: unknown;
  readonly userAgent: string;
  /** What the signature says: the access key id and the region that it is for. */
  readonly signedBy: string;
  readonly region: string;
  /** Resolves when the connection has ended, with or without an answer. */
  readonly closed: Promise<void>;
  reply(body: unknown, status?: number, headers?: Readonly<Record<string, string>>): void;
}

export interface ScriptedAws extends AsyncDisposable {
  readonly url: string;
  /** The next request, in the order of arrival; waits for one. */
  next(): Promise<Exchange>;
  /** Number of requests so far. */
  readonly arrived: number;
}

/** An endpoint whose replies the test sends itself, to control their order. */
export async function startScriptedAws(): Promise<ScriptedAws> {
  const come: Exchange[] = [];
  const waiting: ((exchange: Exchange) => void)[] = [];
  let arrived = 0;
  const server = createServer((request, response) => {
    void json(request).then((input) => {
      arrived += 1;
      const scope = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '');
      const exchange: Exchange = {
        operation: String(request.headers['x-amz-target']).split('.').at(-1) ?? '',
        input,
        userAgent: String(request.headers['user-agent']),
        signedBy: scope?.[1] ?? '',
        region: scope?.[2] ?? '',
        closed: new Promise((resolve) => response.once('close', resolve)),
        reply: (body, status = 200, headers = {}) => answer(response, status, body, headers),
      };
      const taker = waiting.shift();
      if (taker === undefined) come.push(exchange);
      else taker(exchange);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    next: async () => come.shift() ?? (await new Promise((resolve) => waiting.push(resolve))),
    get arrived() {
      return arrived;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
