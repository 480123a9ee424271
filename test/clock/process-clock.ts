import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const libraries = '/usr/lib';

/**
 * Finds the library of Debian's package faketime for multithreaded processes, in a folder named after the architecture.
 */
function library(): string {
  const path = readdirSync(libraries)
    .map((folder) => join(libraries, folder, 'faketime', 'libfaketimeMT.so.1'))
    .find((file) => existsSync(file));
  if (path === undefined) throw new Error('Install the Debian package faketime first.');
  return path;
}

/**
 * Steps the wall clock of processes that are started with its `environment`. Their monotonic clock stays the machine's.
 */
export class ProcessClock implements Disposable {
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'orgql-clock-'));
  readonly #file = join(this.#folder, 'offset');
  /** The difference from the machine's clock, in ms. */
  #aheadMs = 0;

  constructor() {
    this.environment = {
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    this.step(0);
  }

  get date(): number {
    return Date.now() + this.#aheadMs;
  }

  step(ms: number): void {
    this.#aheadMs += ms;
    const seconds = this.#aheadMs / 1_000;
    // Replaces the file atomically, because the processes may read it at any time.
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
