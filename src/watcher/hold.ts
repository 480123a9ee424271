/** Keeps a channel going until it is released. */
export interface Hold {
  /** Resolves when what the channel knows is at most a poll interval old; rejects with the error that ended it. */
  ready(): Promise<void>;
  /** Resolves after a complete read that begins later than now; rejects likewise. */
  nextRead(): Promise<void>;
  /** May be called more than once. */
  release(): void;
}

/** A hold that is released when the signal fires, at the latest. */
export const acquireUntil = (channel: { acquire(): Hold }, signal: AbortSignal): Hold => {
  const hold = channel.acquire();
  if (signal.aborted) hold.release();
  else signal.addEventListener('abort', hold.release, { once: true });
  return hold;
};
