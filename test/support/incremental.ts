import type { Answer, Operation } from './client.ts';

/** What a client gets after the first result of an operation with `@defer` or `@stream`. */
export interface Piece {
  readonly path: readonly (string | number)[];
  readonly label?: string;
  /** Of a deferred fragment. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows its shape.
  readonly data?: any;
  /** Of a streamed list; null when the list ends in an error. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows its shape.
  readonly items?: readonly any[] | null;
  readonly errors?: Answer['errors'];
}

/** One message of a result that comes in pieces; the first has `data`. */
export interface Part extends Answer {
  readonly incremental?: readonly Piece[];
  readonly hasNext?: boolean;
}

/** Runs a query over HTTP and reads its result as `multipart/mixed`, as the incremental delivery over HTTP RFC has it. */
export async function* queryInParts(
  url: string,
  { document, variables }: Operation,
  signal?: AbortSignal,
): AsyncGenerator<Part, void, undefined> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'multipart/mixed' },
    body: JSON.stringify({ query: document, variables }),
    signal: signal ?? null,
  });
  const boundary = /boundary="([^"]*)"/.exec(response.headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined || !response.body) {
    throw new Error(`not in parts, but ${response.status} ${response.headers.get('content-type')}`);
  }
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split(`\r\n--${boundary}`);
    text = parts.pop() ?? '';
    for (const part of parts) {
      const start = part.indexOf('\r\n\r\n');
      if (start >= 0) yield JSON.parse(part.slice(start + 4));
    }
  }
  if (!text.startsWith('--')) throw new Error('the last part is missing');
}
