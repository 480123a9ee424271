import { whenEnded } from './end-on.ts';
import { type Answer, isStream } from './operation.ts';

/** Answers, and disposes of what is held for it when the answer is complete: of a stream, with its last result. */
export function holdUntilEnd(
  held: Disposable | undefined,
  answer: () => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  if (held === undefined) return answer();
  const release = () => held[Symbol.dispose]();
  const settled = (found: Answer): Answer => {
    if (isStream(found)) return whenEnded(found, release);
    release();
    return found;
  };
  try {
    const answering = answer();
    if (!(answering instanceof Promise)) return settled(answering);
    return answering.then(settled, (error: unknown) => {
      release();
      throw error;
    });
  } catch (error) {
    release();
    throw error;
  }
}
