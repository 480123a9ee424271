import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Principal } from '../principal/principal.ts';
import type { OperationName, Priority } from './types.ts';

export interface TracedCall {
  readonly principal: Principal;
  readonly operation: OperationName;
  readonly priority: Priority;
  /** Time in the rate budget's queue before it, in ms. */
  readonly waitedMs: number;
}

/** The span of a call, from its request to its reply. */
export interface CallSpan {
  /** `outcome`: `ok`, or the code of the `UpstreamError`. */
  end(outcome: string, requestId: string | undefined): void;
}

const tracer = trace.getTracer('orgql');

export type StartCallSpan = typeof startCallSpan;

/**
 * Starts the span of one call to AWS, below that of the GraphQL operation that makes it. A poller's call has no parent,
 * as it is made for all subscribers. A span never holds requests or replies. Names are from OpenTelemetry's conventions
 * for the AWS SDK: https://opentelemetry.io/docs/specs/semconv/cloud-providers/aws-sdk/
 */
export function startCallSpan({ principal, operation, priority, waitedMs }: TracedCall): CallSpan {
  const span = tracer.startSpan(
    `Organizations/${operation}`,
    {
      kind: SpanKind.CLIENT,
      attributes: {
        'rpc.system': 'aws-api',
        'rpc.service': 'Organizations',
        'rpc.method': operation,
        'orgql.principal': principal.name,
        'orgql.waited_ms': Math.round(waitedMs),
      },
    },
    priority === 'background' ? ROOT_CONTEXT : context.active(),
  );
  return {
    end(outcome, requestId) {
      if (requestId !== undefined) span.setAttribute('aws.request_id', requestId);
      if (outcome !== 'ok') span.setAttribute('error.type', outcome).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
