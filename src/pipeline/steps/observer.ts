import type { ExecutionOutcome, Operation, TransportRequest } from '../operation.ts';
import type { SecurityObserver } from '../security-log.ts';

import type { Step } from './step.ts';

/** Observes operations, for metrics. */
export interface OperationObserver extends SecurityObserver {
  /** `prepared` has the type; it is undefined if the operation was rejected before it was parsed. */
  answered(operation: Operation, answer: ExecutionOutcome): void;
  /** A request was rejected before it became an operation: it was malformed or from another origin. */
  refused(transport: TransportRequest['transport'], answer: ExecutionOutcome): void;
  /** One event, or one part of an incremental result. */
  sent(result: Exclude<ExecutionOutcome, AsyncIterable<unknown>>): void;
}

export function observed(observer: OperationObserver): Step {
  return {
    onResultSent(_operation, result) {
      observer.sent(result);
    },
    onResponse(operation, answer) {
      observer.answered(operation, answer);
      return answer;
    },
  };
}
