/** The wall clock is compared again this often at least, in ms: it may be stepped, and Node's timers do not notice. */
const MAX_WAIT_MS = 30_000;

/**
 * Calls back at a date, in ms since the epoch, which may be Infinity; within 30 s of it where the wall clock was stepped past it. For dates only: a duration is
 * what setTimeout measures. Does not keep the process alive. Returns the way to cancel it.
 */
export function at(date: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (leftMs: number) => {
    timer = setTimeout(look, Math.min(Math.max(0, leftMs), MAX_WAIT_MS)).unref();
  };
  const look = () => {
    const leftMs = date - Date.now();
    if (leftMs <= 0) callback();
    else wait(leftMs);
  };
  if (Number.isFinite(date)) wait(date - Date.now());
  return () => clearTimeout(timer);
}
