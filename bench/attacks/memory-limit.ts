import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The memory of deploy/kubernetes, in bytes. */
export const MEMORY_LIMIT = 512 * 2 ** 20;

/** Interval for reading the resident size without a cgroup, in ms. */
const WATCH_MS = 25;

export interface MemoryLimit extends Disposable {
  /** How the limit is enforced. */
  readonly by: 'cgroup' | 'resident size';
  /**
   * Shell commands that a process runs before Node, as V8 reads the limit when it starts. Memory counts toward the
   * cgroup that allocates it.
   */
  readonly join: string;
  /** Starts to limit a process that has joined. */
  enforce(pid: number): void;
}

/**
 * Limits a process to `MEMORY_LIMIT` bytes, with a cgroup (version 1 or 2) if one can be created. Otherwise it kills
 * the process when its resident size exceeds the limit.
 */
export function createMemoryLimit(): MemoryLimit {
  return createCgroup() ?? new ResidentSizeLimit();
}

/** Peak resident size of a process, in bytes; undefined if it has ended. */
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
    // Without a mounted hierarchy, this was an ordinary folder.
    if (existsSync(procs) && existsSync(join(own, file))) {
      writeFileSync(join(own, file), String(MEMORY_LIMIT));
      return { by: 'cgroup', join: `echo $$ > ${procs}`, enforce() {}, [Symbol.dispose]: () => remove(own) };
    }
    remove(own);
  }
  return undefined;
}

/** A cgroup can be removed once its processes have ended. */
function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // The kernel may still count a process that has just ended. An empty cgroup limits nothing.
  }
}

class ResidentSizeLimit implements MemoryLimit {
  readonly by = 'resident size';
  /** Half of the limit, as Node uses in a container by itself. */
  readonly join = 'export NODE_OPTIONS="$NODE_OPTIONS --max-old-space-size=256"';
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
