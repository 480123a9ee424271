/** The folder that `watch.store` names cannot be used; `message` says why and what to do. */
export class StoreError extends Error {
  /** Whether its disk is full, which can pass. */
  readonly isFull: boolean;
  /** Whether its file system does not answer. What waits for it keeps the process from ending. */
  readonly isHanging: boolean;

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.isFull = isDiskFull(cause);
    this.isHanging = cause instanceof StoreTimeout;
  }
}

/** Opening a store has taken too long. */
export class StoreTimeout extends Error {
  constructor(ms: number) {
    super(`its file system has not answered for ${ms / 1000} s`);
    this.name = 'StoreTimeout';
  }
}

/** LevelDB has no code for it: it reports the system's text. */
const FULL = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/;

export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (FULL.test(cause.message)) return true;
  return false;
}
