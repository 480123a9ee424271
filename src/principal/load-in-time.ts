/** Loading has not ended in time; it goes on in the background. */
export class StillLoading extends Error {
  /** How long it has been going on, in ms. */
  readonly sinceMs: number;

  constructor(sinceMs: number) {
    super('still loading');
    this.name = 'StillLoading';
    this.sinceMs = sinceMs;
  }
}

/** A load that has not ended after this long is left to itself, in ms, and the next who asks begins another. */
const giveUpMs = 60_000;

/**
 * Loads once for all who ask meanwhile, and lets nobody wait longer than `longestMs` after the load has begun: it rejects with a
 * `StillLoading` then, at once for who asks later. What is loaded slowly (a sign-in in a browser) is there for who asks again.
 */
export function loadInTime<T>(load: () => Promise<T>): (longestMs: number) => Promise<T> {
  let loading: Loading<T> | undefined;

  const begin = (): Loading<T> => {
    const begun: Loading<T> = { begunAt: performance.now(), result: load(), late: false, ended: false };
    begun.result.then(
      () => {
        begun.ended = true;
        if (loading === begun && !begun.late) loading = undefined;
      },
      () => {
        if (loading === begun) loading = undefined;
      },
    );
    return begun;
  };

  return (longestMs) => {
    if (loading?.ended) {
      const { result } = loading;
      loading = undefined;
      return result;
    }
    if (loading === undefined || performance.now() - loading.begunAt >= giveUpMs) loading = begin();
    const under = loading;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        under.late = true;
        reject(new StillLoading(performance.now() - under.begunAt));
      };
      const timer = setTimeout(giveUp, under.begunAt + longestMs - performance.now());
      under.result.finally(() => clearTimeout(timer)).then(resolve, reject);
    });
  };
}

interface Loading<T> {
  readonly begunAt: number;
  readonly result: Promise<T>;
  /** Whether somebody has been turned away: what comes then is kept for the next who asks. */
  late: boolean;
  /** Whether the result is there. */
  ended: boolean;
}
