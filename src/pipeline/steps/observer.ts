import type { OperationObserver } from '../operation-observer.ts';
import type { Step } from './step.ts';

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
