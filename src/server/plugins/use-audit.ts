import type { Logger } from 'pino';
import type { WriteEnd } from '../../upstream/index.ts';
import { targetsOf } from '../audit-targets.ts';
import type { ServerPlugin } from './plugin.ts';

/**
 * One line for every mutation that was asked for, when it is over: who, as whom, what, on what, and how it ended. A mutation whose
 * client did not wait for it leaves its line when AWS has answered. Names ids only: no e-mail address, no policy, no name, no note.
 */
export function useAudit(log: Logger | undefined): ServerPlugin {
  if (!log) return {};
  return {
    onParams({ context }) {
      context.onWriteEnd = (end) =>
        log.info(
          {
            requestId: context.requestId,
            caller: context.caller?.name,
            principal: context.principal?.name,
            ...outcome(end),
          },
          'mutation',
        );
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
