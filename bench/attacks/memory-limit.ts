import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The memory of deploy/kubernetes, in bytes. */
export const MEMORY_LIMIT = 512 * 2 ** 20;

/** How often the resident size is looked at where there is no cgroup, in ms. */
const WATCH_MS = 25;

export interface MemoryLimit extends Disposable {
  /** How the limit is enforced. */
  readonly by: 'cgroup' | 'resident size';
  /** The file to which a process writes its id to join; undefined where its resident size is watched. */
  readonly procs: string | undefined;
  /** Begins to limit a process that has joined. */
  enforce(pid: number): void;
}

/** Lets a process have `MEMORY_LIMIT` bytes: with a cgroup (version 2 or 1) where one can be made, otherwise it is killed when its resident size exceeds them. */
export function createMemoryLimit(): MemoryLimit {
  return createCgroup() ?? new ResidentSizeLimit();
}

/** The largest resident size that a process has had, in bytes; undefined when it has ended. */
export function peakMemory(pid: number): number | undefined {
  return kilobytes(pid, 'VmHWM');
}

function kilobytes(pid: number, field: 'VmHWM' | 'VmRSS'): number | undefined {
  try {
    const [, value] =
      new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return value === undefined ? undefined : Number(value) * 1024;
  } catch {
    return undefined;
  }
}

function createCgroup(): MemoryLimit | undefined {
  const versions = [
    { folder: '/sys/fs/cgroup', file: 'memory.max' },
    { folder: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' },
  ];
  for (const { folder, file } of versions) {
    const own = join(folder, `orgql-attacks-${process.pid}`);
    try {
      mkdirSync(own);
    } catch {
      continue;
    }
    const procs = join(own, 'cgroup.procs');
    // Where no hierarchy is mounted, this was an ordinary folder.
    if (existsSync(procs) && existsSync(join(own, file))) {
      writeFileSync(join(own, file), String(MEMORY_LIMIT));
      return { by: 'cgroup', procs, enforce() {}, [Symbol.dispose]: () => remove(own) };
    }
    remove(own);
  }
  return undefined;
}

/** A cgroup can be removed when its processes have ended. */
function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // The kernel may still count the process that has just ended; an empty cgroup limits nothing.
  }
}

class ResidentSizeLimit implements MemoryLimit {
  readonly by = 'resident size';
  readonly procs = undefined;
  #timer: NodeJS.Timeout | undefined;

  enforce(pid: number): void {
    this.#timer = setInterval(() => {
      if ((kilobytes(pid, 'VmRSS') ?? 0) <= MEMORY_LIMIT) return;
      this[Symbol.dispose]();
      process.kill(pid, 'SIGKILL');
    }, WATCH_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
