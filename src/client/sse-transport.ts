import { connectionClosed, errorOfResult, type GraphQLErrorLike, networkError, WatchError } from './errors.ts';
import { EventStreamParser, type StreamEvent } from './event-stream.ts';
import type { Transport, WatchRequest, WatchSink } from './transport.ts';

export type HeadersInput = Readonly<Record<string, string>>;

/** How to subscribe with server-sent events. */
export interface SseOptions {
  /** The gateway's endpoint, such as `http://127.0.0.1:4000/graphql`. In a page, relative URLs work, too. */
  readonly url: string;
  /** Headers, or a function that creates them for each request, so that it can pass a new token. */
  readonly headers?: HeadersInput | (() => HeadersInput | Promise<HeadersInput>);
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /**
   * Connects again when nothing has arrived for this time, in ms. Default: 45,000. The gateway sends something every 12
   * seconds.
   */
  readonly idleTimeoutMs?: number;
}

/** Statuses of proxies and gateways after which a retry may succeed. */
const retryableStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Subscribes by POST with `Accept: text/event-stream`, one request per subscription. */
export function createSseTransport(options: SseOptions): Transport {
  return (request, sink) => {
    const controller = new AbortController();
    const watchdog = new Watchdog(options.idleTimeoutMs ?? 45_000, () => {
      controller.abort();
      sink.error(idleTimeout());
    });
    const stop = () => {
      watchdog.stop();
      controller.abort();
    };
    run(options, request, sink, watchdog, controller.signal)
      .catch((cause: unknown) => {
        if (!controller.signal.aborted) sink.error(cause instanceof WatchError ? cause : networkError(cause));
      })
      .finally(stop);
    return stop;
  };
}

async function run(
  { url, headers, fetch = globalThis.fetch }: SseOptions,
  request: WatchRequest,
  sink: WatchSink,
  watchdog: Watchdog,
  signal: AbortSignal,
): Promise<void> {
  const own = typeof headers === 'function' ? await headers() : headers;
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...own },
    body: JSON.stringify(request),
    signal,
  });
  watchdog.reset();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (!isStream || response.body === null) throw await errorOfResponse(response);
  const parser = new EventStreamParser();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return sink.error(connectionClosed());
    watchdog.reset();
    for (const event of parse(parser, decoder.decode(value, { stream: true }))) {
      // The sink may end the subscription at an event. A gateway completes it in the same chunk.
      if (signal.aborted) return;
      if (event.type === 'complete') return sink.complete();
      if (event.type === 'next') sink.next(JSON.parse(event.data));
    }
  }
}

function parse(parser: EventStreamParser, chunk: string): readonly StreamEvent[] {
  try {
    return parser.parse(chunk);
  } catch (cause) {
    throw new WatchError(`${(cause as Error).message} Select fewer fields.`, {
      code: 'INVALID_EVENT',
      retryable: false,
      cause,
    });
  }
}

/** Creates the error of a response that is not an event stream: GraphQL errors, or the page of a proxy. */
async function errorOfResponse(response: Response): Promise<WatchError> {
  const { status } = response;
  const text = await response.text();
  const fallback = {
    retryable: retryableStatuses.has(status),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
  };
  const errors = graphQLErrors(text);
  if (errors !== undefined) return errorOfResult(errors, fallback);
  const action = fallback.retryable ? '' : ' Check `url`, and the proxies before the gateway.';
  return new WatchError(`The response has status ${status} and is not an event stream.${action}`, {
    code: 'HTTP_ERROR',
    ...fallback,
  });
}

function graphQLErrors(text: string): readonly GraphQLErrorLike[] | undefined {
  try {
    const { errors } = JSON.parse(text);
    return Array.isArray(errors) ? errors : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds or a date, as RFC 9110 has it. */
function retryAfterMs(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const idleTimeout = (): WatchError =>
  new WatchError('Nothing has arrived for too long, so the connection is lost.', {
    code: 'IDLE_TIMEOUT',
    retryable: true,
  });

/** Calls `onSilence` when `reset` was not called for `ms`. */
class Watchdog {
  readonly #ms: number;
  readonly #onSilence: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number, onSilence: () => void) {
    this.#ms = ms;
    this.#onSilence = onSilence;
    this.reset();
  }

  reset(): void {
    this.stop();
    this.#timer = setTimeout(this.#onSilence, this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
