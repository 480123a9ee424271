/** The folder of `watch.store` cannot be used. `message` says why and what to do. */
export class StoreError extends Error {
  /** Whether its disk is full, which may be temporary. */
  readonly isFull: boolean;
  /** Whether its file system hangs. Pending system calls keep the process from exiting. */
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
    super(`its file system does not respond within ${ms / 1000} s; check the disk or mount`);
    this.name = 'StoreTimeout';
  }
}

/** LevelDB has no error code for a full disk, only the system's message. */
const FULL = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/;

export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (FULL.test(cause.message)) return true;
  return false;
}
