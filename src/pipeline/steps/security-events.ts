import type { ExecutionResult } from 'graphql';
import { isAnonymous } from '../../principal/index.ts';
import { isStream, type Operation } from '../operation.ts';
import type { SecurityEvent, SecurityLog } from '../security-log.ts';
import type { Step } from './step.ts';

type Kind = Pick<SecurityEvent, 'reason' | 'setting'>;

/** The security event of each rejection code. */
const kinds: Readonly<Record<string, Kind>> = {
  RATE_LIMIT_EXCEEDED: { reason: 'rate_limited', setting: 'limits.operations' },
  CONCURRENCY_LIMIT_EXCEEDED: { reason: 'concurrency_limited', setting: 'limits.concurrentOperations' },
  OVERLOADED: { reason: 'concurrency_limited', setting: 'limits.queuedOperations.total' },
  SUBSCRIPTION_LIMIT_EXCEEDED: { reason: 'concurrency_limited', setting: 'limits.subscriptionsPerCaller' },
  CONNECTION_LIMIT_EXCEEDED: { reason: 'concurrency_limited', setting: 'limits.operationsPerConnection' },
  BUFFER_LIMIT_EXCEEDED: { reason: 'buffered_bytes', setting: 'limits.bufferedBytes' },
  RESPONSE_TOO_LARGE: { reason: 'response_too_large', setting: 'limits.responseBytes' },
  TOKEN_LIMIT_EXCEEDED: { reason: 'document_rejected', setting: 'limits.tokens' },
  DEPTH_LIMIT_EXCEEDED: { reason: 'document_rejected', setting: 'limits.depth' },
  ALIAS_LIMIT_EXCEEDED: { reason: 'document_rejected', setting: 'limits.aliases' },
  DIRECTIVE_LIMIT_EXCEEDED: { reason: 'document_rejected', setting: 'limits.directives' },
  FIELD_LIMIT_EXCEEDED: { reason: 'document_rejected', setting: 'limits.fields' },
  VALUE_LIMIT_EXCEEDED: { reason: 'document_rejected', setting: 'limits.values' },
  COST_LIMIT_EXCEEDED: { reason: 'document_rejected', setting: 'graph.maxCalls' },
  NESTING_LIMIT_EXCEEDED: { reason: 'document_rejected' },
  LINE_LIMIT_EXCEEDED: { reason: 'document_rejected' },
  NAME_LIMIT_EXCEEDED: { reason: 'document_rejected' },
  FIELD_REPETITION_LIMIT_EXCEEDED: { reason: 'document_rejected' },
  OPERATION_TOO_LARGE: { reason: 'document_rejected' },
};

/** Reports each operation and response that exceeds a bound. */
export function securityEvents(securityLog: SecurityLog): Step {
  const report = ({ request, caller }: Operation, { errors }: ExecutionResult): void => {
    const extensions = errors?.[0]?.extensions;
    const code = extensions?.['code'];
    const kind = typeof code === 'string' && Object.hasOwn(kinds, code) ? kinds[code] : undefined;
    if (kind === undefined) return;
    const known: Operation['caller'] | undefined = caller;
    const setting = extensions?.['setting'];
    securityLog.report({
      reason: kind.reason,
      address: request.address,
      caller: known === undefined || isAnonymous(known) ? undefined : known.name,
      setting: typeof setting === 'string' ? setting : kind.setting,
    });
  };
  return {
    onResultSent(operation, result) {
      report(operation, result);
      for (const piece of result.incremental ?? []) report(operation, piece);
    },
    onResponse(operation, answer) {
      if (!isStream(answer)) report(operation, answer);
      return answer;
    },
  };
}
