/** Node's timers take no longer delay, in ms. */
const LONGEST_DELAY_MS = 2_147_483_647;

/** Calls back at a time, in ms since the epoch, which may be Infinity. Does not keep the process alive. Returns the way to call it off. */
export function at(time: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const left = time - Date.now();
    if (left <= 0) return callback();
    timer = setTimeout(wait, Math.min(left, LONGEST_DELAY_MS)).unref();
  };
  if (Number.isFinite(time))
    timer = setTimeout(wait, Math.min(Math.max(0, time - Date.now()), LONGEST_DELAY_MS)).unref();
  return () => clearTimeout(timer);
}
