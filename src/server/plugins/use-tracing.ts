import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type ExecutionResult, getOperationAST } from 'graphql';
import { isStream, type OperationContext, type ServerPlugin } from './plugin.ts';

/** The headers of W3C Trace Context, on a WebSocket in `extensions.headers`; https://www.w3.org/TR/trace-context/ */
export const TRACE_HEADERS = ['traceparent', 'tracestate'];

const headerGetter = {
  get: (headers: Headers, key: string) => headers.get(key) ?? undefined,
  keys: (headers: Headers) => [...headers.keys()],
};

/**
 * A span for each operation, below the client's own if it sends one, and above the spans of the calls to AWS that it makes; the calls for a
 * subscription's events belong to the subscription. It says what ran as whom, never the document or its variables.
 * Names are of OpenTelemetry's conventions for GraphQL: https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/
 */
export function useTracing(): ServerPlugin {
  const tracer = trace.getTracer('orgql');

  function begin({ document, operationName, contextValue }: Args): { span: Span; within: Context } {
    const operation = getOperationAST(document, operationName);
    const { request, principal, requestId } = contextValue;
    const span = tracer.startSpan(
      operation?.operation ?? 'GraphQL operation',
      {
        kind: SpanKind.SERVER,
        attributes: {
          'graphql.operation.type': operation?.operation,
          'graphql.operation.name': operation?.name?.value,
          'orgql.principal': principal?.name,
          'orgql.request_id': requestId,
        },
      },
      propagation.extract(ROOT_CONTEXT, request.headers, headerGetter),
    );
    return { span, within: trace.setSpan(context.active(), span) };
  }

  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { span, within } = begin(args);
      setExecuteFn((given) => context.with(within, () => executeFn(given)));
      return {
        onExecuteDone({ result }) {
          if (!isStream(result)) {
            end(span, result);
            return undefined;
          }
          return { onNext: ({ result: part }) => note(span, part), onEnd: () => span.end() };
        },
      };
    },
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const { span, within } = begin(args);
      setSubscribeFn((given) => context.with(within, () => subscribeFn(given)));
      return {
        onSubscribeResult({ result, setResult }) {
          if (isStream(result)) setResult(eventsWithin(within, result[Symbol.asyncIterator]()));
          end(span, isStream(result) ? {} : result);
        },
      };
    },
  };
}

interface Args {
  readonly document: Parameters<typeof getOperationAST>[0];
  readonly operationName?: string | null | undefined;
  readonly contextValue: OperationContext & { readonly request: Request };
}

function note(span: Span, { errors }: ExecutionResult): void {
  if (!errors) return;
  span.setAttribute('orgql.error.codes', [
    ...new Set(errors.map(({ extensions }) => String(extensions['code'] ?? 'NONE'))),
  ]);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function end(span: Span, result: ExecutionResult): void {
  note(span, result);
  span.end();
}

/** Each event is resolved when it is asked for, by whoever asks; its calls are the subscription's all the same. */
function eventsWithin<T>(within: Context, events: AsyncIterator<T>): AsyncIterableIterator<T> {
  return {
    next: () => context.with(within, () => events.next()),
    async return() {
      await context.with(within, () => events.return?.());
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
