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
  let loading: { readonly begunAt: number; readonly result: Promise<T> } | undefined;

  return (longestMs) => {
    if (loading === undefined || performance.now() - loading.begunAt >= giveUpMs) {
      const begun = { begunAt: performance.now(), result: load() };
      const end = (): void => {
        if (loading === begun) loading = undefined;
      };
      begun.result.then(end, end);
      loading = begun;
    }
    const { begunAt, result } = loading;
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new StillLoading(performance.now() - begunAt)),
        begunAt + longestMs - performance.now(),
      );
      result.finally(() => clearTimeout(late)).then(resolve, reject);
    });
  };
}
