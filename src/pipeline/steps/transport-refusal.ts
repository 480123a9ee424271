import type { Step } from './step.ts';

/** An operation that its transport does not let run is refused when it is known whose it is: it is counted, and leaves its line, as what is refused here does. */
export const transportRefusal: Step = {
  admit({ refusal }) {
    if (refusal !== undefined) throw refusal;
  },
};
