import { devNull } from 'node:os';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import type { OperationObserver } from '../../src/pipeline/steps/observer.ts';
import { observeOperations } from '../../src/transport/metrics/operations.ts';
import type { Contender } from './contender.ts';

/** Creates the observability of orgql. Log lines and spans are created and discarded. */
export function watch(by: Contender['watchedBy']): {
  readonly log: Logger;
  readonly observer: OperationObserver | undefined;
} {
  if (by === 'traces') collectTraces();
  return {
    log: pino(
      { name: 'orgql', level: by === 'log' ? 'debug' : 'info' },
      pino.destination({ dest: devNull, sync: true }),
    ),
    observer: by === 'metrics' ? observeOperations(new Registry()) : undefined,
  };
}

function collectTraces(): void {
  const exporter = {
    export: (_spans: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
    shutdown: async () => {},
  };
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }));
}
