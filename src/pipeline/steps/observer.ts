import type { Answer, Operation, TransportRequest } from '../operation.ts';
import type { SecurityObserver } from '../security-log.ts';

import type { Step } from './step.ts';

/** Observes operations, for metrics. */
export interface OperationObserver extends SecurityObserver {
  /** Its `prepared` says of which type it is; what has none was refused before it was understood. */
  answered(operation: Operation, answer: Answer): void;
  /** A request was refused that did not get as far as an operation: it could not be read, or came from where none may come from. */
  refused(transport: TransportRequest['transport'], answer: Answer): void;
  /** One part of an answer that comes in parts, or one event. */
  sent(result: Exclude<Answer, AsyncIterable<unknown>>): void;
}

/** Tells the observer of every operation. */
export function observed(observer: OperationObserver): Step {
  return {
    sent(_operation, result) {
      observer.sent(result);
    },
    answered(operation, answer) {
      observer.answered(operation, answer);
      return answer;
    },
  };
}
