import type { Logger } from 'pino';
import { isStream, type ServerPlugin } from './plugin.ts';

/** One debug line per query, mutation and begun stream (a subscription, or a result in pieces): what ran as whom, how long it took, what it cost. Never its variables. */
export function useOperationLog(log: Logger): ServerPlugin {
  if (!log.isLevelEnabled('debug')) return {};
  const begun = new WeakMap<object, number>();
  return {
    onParams({ context }) {
      begun.set(context, performance.now());
    },
    onExecutionResult({ result, context }) {
      if (!result) return;
      const operation = {
        requestId: context.requestId,
        operation: context.params?.operationName,
        principal: context.principal?.name,
        ms: Math.round(performance.now() - (begun.get(context) ?? Number.NaN)),
        upstream: context.session?.cost,
      };
      if (isStream(result)) log.debug(operation, 'streams');
      else
        log.debug(
          { ...operation, errors: result.errors?.map((error) => error.extensions['code'] ?? error.message) },
          'ran',
        );
    },
  };
}
