import { Counter, Histogram, type Registry } from 'prom-client';
import type { IncrementalResult } from '../../pipeline/execution/results.ts';
import { type ExecutionOutcome, isStream } from '../../pipeline/operation.ts';
import type { OperationObserver } from '../../pipeline/steps/observer.ts';

/** Of GraphQL operations: a few ms from the cache, up to the deadline behind AWS's rates; in seconds. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts GraphQL operations and their errors. No label holds a client's text. */
export function observeOperations(registry: Registry): OperationObserver {
  const operations = new Counter({
    name: 'orgql_operations_total',
    help: 'GraphQL operations that were answered; subscriptions when they began. type is none when it was refused before it was understood.',
    labelNames: ['type', 'transport', 'outcome'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'orgql_operation_duration_seconds',
    help: 'Time from a query or mutation to its answer, or to the first part of it.',
    labelNames: ['type'],
    buckets: DURATIONS,
    registers: [registry],
  });
  const errors = new Counter({
    name: 'orgql_errors_total',
    help: 'GraphQL errors in answers, their pieces and events, by extensions.code. Exceptions that are data of a mutation are outcomes of upstream calls.',
    labelNames: ['code'],
    registers: [registry],
  });

  const securityEvents = new Counter({
    name: 'orgql_security_events_total',
    help: 'Requests, messages and connections that were rejected, slowed down or closed, by reason.',
    labelNames: ['reason'],
    registers: [registry],
  });

  const countErrors = (result: IncrementalResult) => {
    for (const error of result.errors ?? []) errors.inc({ code: codeOf(error.extensions?.['code']) });
    for (const piece of result.incremental ?? []) countErrors(piece);
  };
  const count = (type: string, transport: string, outcome: ExecutionOutcome) => {
    const failed = !isStream(outcome) && outcome.errors !== undefined;
    operations.inc({ type, transport, outcome: failed ? 'error' : 'ok' });
    if (!isStream(outcome)) countErrors(outcome);
  };
  return {
    answered(operation, outcome) {
      const type = operation.prepared?.type ?? 'none';
      count(type, operation.request.transport, outcome);
      if (type === 'query' || type === 'mutation')
        durations.observe({ type }, (performance.now() - operation.begunAt) / 1_000);
    },
    refused(transport, outcome) {
      count('none', transport, outcome);
    },
    sent: countErrors,
    securityEvent(reason) {
      securityEvents.inc({ reason });
    },
  };
}

/** The names of AWS's exceptions and our own codes. Others are NONE, so that the number of series is bounded. */
function codeOf(code: unknown): string {
  return typeof code === 'string' && /^[A-Za-z_]{1,64}$/.test(code) ? code : 'NONE';
}
