import type { Logger } from 'pino';
import type { WriteEnd } from '../../upstream/index.ts';
import { targetsOf } from '../audit-targets.ts';
import type { Step } from './step.ts';

/**
 * One line for every mutation that was asked for, when it is over: who, as whom, what, on what, and how it ended. A mutation whose
 * client did not wait for it leaves its line when AWS has answered. Names ids only: no e-mail address, no policy, no name, no note.
 */
export function auditMutations(log: Logger): Step {
  return {
    begin(operation) {
      if (operation.prepared?.type !== 'mutation') return undefined;
      const { requestId, caller, principal } = operation;
      operation.onWriteEnd = (end) =>
        log.info({ requestId, caller: caller.name, principal: principal.name, ...outcome(end) }, 'mutation');
      return undefined;
    },
  };
}

function outcome({ operation, input, output, error, requestId, durationMs }: WriteEnd) {
  return {
    operation,
    targets: targetsOf(input, output),
    result: error ? 'error' : 'ok',
    ...(error && { exception: error.code, reason: error.reason }),
    awsRequestId: requestId,
    durationMs: Math.round(durationMs),
  };
}
