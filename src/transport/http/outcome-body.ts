import type { ExecutionResult } from 'graphql';
import { mapAsyncIterator } from 'graphql-yoga';
import { resultText } from '../../pipeline/execution/results.ts';
import { type ExecutionOutcome, isStream } from '../../pipeline/operation.ts';
import type { HttpResponse } from './http-response.ts';

/** A comment of server-sent events. Some browsers do not open a stream before its first byte. */
const PING = ':\n\n';
/** The interval of pings while a stream has no events, in ms. Proxies close connections that are silent. */
const PING_MS = 12_000;

interface Format {
  readonly start: string;
  part(text: string): string;
  readonly end: string;
}

const EVENTS: Format = {
  start: PING,
  part: (text) => `event: next\ndata: ${text}\n\n`,
  end: 'event: complete\ndata:\n\n',
};
const PARTS: Format = {
  start: '\r\n---',
  part: (text) =>
    `\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}\r\n---`,
  end: '--\r\n',
};

interface OutcomeBody {
  readonly bytes: Iterable<Buffer> | AsyncIterable<Buffer>;
  /** Undefined for a type that can have several results. */
  readonly length?: number;
}

/**
 * The body of a response with one or more results. A result is read when the one before it is written, and only its
 * bytes are held while the client reads them, as the response counts them (`HttpResponse.unreadBytes`).
 */
export function outcomeBody(response: HttpResponse, contentType: string, outcome: ExecutionOutcome): OutcomeBody {
  const isEvents = contentType.startsWith('text/event-stream');
  const isParts = contentType.startsWith('multipart/mixed');
  if (!isStream(outcome) && !isEvents && !isParts) {
    const text = Buffer.from(resultText(outcome));
    return { bytes: [text], length: text.length };
  }
  const { start, part, end } = isEvents ? EVENTS : PARTS;
  const toBytes = (result: ExecutionResult) => Buffer.from(part(resultText(result)));
  if (!isStream(outcome)) return { bytes: [Buffer.from(start), toBytes(outcome), Buffer.from(end)] };
  if (isEvents) sendPings(response);
  return { bytes: bytesOfStream(start, mapAsyncIterator(outcome, toBytes), end) };
}

async function* bytesOfStream(start: string, parts: AsyncIterable<Buffer>, end: string): AsyncGenerator<Buffer> {
  yield Buffer.from(start);
  yield* parts;
  yield Buffer.from(end);
}

function sendPings(response: HttpResponse): void {
  const timer = setInterval(() => {
    // Within a long event, a ping would corrupt it.
    if (response.unreadBytes === 0 && response.writable) response.write(PING);
  }, PING_MS).unref();
  response.once('close', () => clearInterval(timer));
}
