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
import type { ExecutionResult } from 'graphql';
import { onIteratorEnd } from '../execution/result-stream.ts';
import { loggedName } from '../log.ts';
import { isStream, type Operation, type OperationHeader, TRACE_HEADERS, type TransportRequest } from '../operation.ts';
import type { Events, Step } from './step.ts';

const headerGetter = {
  get: (request: TransportRequest, key: string) => request.header(key as OperationHeader),
  keys: (request: TransportRequest) => TRACE_HEADERS.filter((name) => request.header(name) !== undefined),
};

/**
 * A span for each operation, below the client's own if it sends one, and above the spans of the calls to AWS that it
 * makes; the calls for a subscription's events belong to the subscription. It has caller, principal and operation,
 * never the document or variables. Names are of OpenTelemetry's conventions for GraphQL:
 * https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/
 */
export function tracing(): Step {
  const tracer = trace.getTracer('orgql');
  const spans = new WeakMap<Operation, { readonly span: Span; readonly within: Context }>();

  return {
    onExecute(operation) {
      const { prepared, principal, requestId, request } = operation;
      const span = tracer.startSpan(
        prepared?.type ?? 'GraphQL operation',
        {
          kind: SpanKind.SERVER,
          attributes: {
            'graphql.operation.type': prepared?.type,
            'graphql.operation.name': loggedName(prepared?.name),
            'orgql.principal': principal.name,
            'orgql.request_id': requestId,
          },
        },
        propagation.extract(ROOT_CONTEXT, request, headerGetter),
      );
      spans.set(operation, { span, within: trace.setSpan(context.active(), span) });
      return undefined;
    },
    wrapExecution(operation, run) {
      const begun = spans.get(operation);
      return begun === undefined ? run() : context.with(begun.within, run);
    },
    wrapSubscription(operation, events) {
      const begun = spans.get(operation);
      return begun === undefined ? events : eventsWithin(begun.within, events);
    },
    onResult(operation, result) {
      const begun = spans.get(operation);
      if (begun !== undefined && operation.prepared?.type !== 'subscription') note(begun.span, result);
      return result;
    },
    onResponse(operation, answer) {
      const begun = spans.get(operation);
      if (begun === undefined) return answer;
      const { span } = begun;
      if (!isStream(answer)) note(span, answer);
      // The span of an incremental result ends with its last part.
      if (isStream(answer) && operation.prepared?.type !== 'subscription') return endingWith(answer, span);
      span.end();
      return answer;
    },
  };
}

function note(span: Span, { errors }: ExecutionResult): void {
  if (!errors) return;
  span.setAttribute('orgql.error.codes', [
    ...new Set(errors.map(({ extensions }) => String(extensions['code'] ?? 'NONE'))),
  ]);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

const endingWith = (pieces: Events, span: Span): Events => onIteratorEnd(pieces, () => span.end());

/** Resolves events in the subscription's context, so that their calls belong to its span. */
function eventsWithin(within: Context, events: Events): Events {
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
