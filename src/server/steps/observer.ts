import type { OperationObserver } from '../operation-observer.ts';
import type { Step } from './step.ts';

/** Tells the observer of every operation. */
export function observed(observer: OperationObserver): Step {
  return {
    admit(operation) {
      observer.began(operation);
    },
    begin(operation) {
      if (operation.prepared !== undefined) observer.understood(operation, operation.prepared.type);
      return undefined;
    },
    each({ prepared }, result) {
      if (prepared?.inParts) observer.sent(result);
      return result;
    },
    answered(operation, answer) {
      observer.answered(operation, answer);
      return answer;
    },
  };
}
