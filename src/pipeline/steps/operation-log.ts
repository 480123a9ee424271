import type { Logger } from 'pino';
import { loggedName } from '../log.ts';
import { isStream } from '../operation.ts';
import type { Step } from './step.ts';

/**
 * Logs each query, mutation and started stream at level debug: caller, principal, duration and cost, never variables.
 */
export function operationLog(log: Logger): Step {
  return {
    onResponse(operation, answer) {
      const { requestId, params, principal, cost } = operation;
      const line = {
        requestId,
        operation: loggedName(params.operationName),
        principal: (principal as typeof principal | undefined)?.name,
        ms: Math.round(performance.now() - operation.begunAt),
        upstream: cost,
      };
      if (isStream(answer)) log.debug(line, 'streams');
      else log.debug({ ...line, errors: answer.errors?.map((error) => error.extensions['code'] ?? 'NONE') }, 'ran');
      return answer;
    },
  };
}
