import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { World } from '../world/world.ts';
import { dumpWorld } from './dump-world.ts';
import { WorldFileError } from './world-file.ts';

/**
 * Saves a world atomically: writes a temporary file and renames it. Writes at most once per second, so that a crash
 * loses at most the last second.
 */
export class StateFile {
  readonly #path: string;
  readonly #world: () => World;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, world: () => World, onError: (error: unknown) => void) {
    this.#path = path;
    this.#world = world;
    this.#onError = onError;
  }

  get exists(): boolean {
    return existsSync(this.#path);
  }

  /**
   * Writes the file at the start, so that a wrong path fails early.
   *
   * @throws {WorldFileError} if the file cannot be written
   */
  create(): void {
    try {
      this.#write();
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      throw new WorldFileError(`The state file ${this.#path} cannot be written: ${why}`);
    }
  }

  /** Schedules a write within one second. */
  scheduleWrite(): void {
    this.#timer ??= setTimeout(() => this.#tryToWrite(), 1_000);
  }

  close(): void {
    this.#tryToWrite();
  }

  #tryToWrite(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#write();
    } catch (error) {
      this.#onError(error);
    }
  }

  #write(): void {
    const temporaryPath = `${this.#path}.${process.pid}.tmp`;
    try {
      const file = openSync(temporaryPath, 'w', 0o600);
      try {
        writeFileSync(file, `${JSON.stringify(dumpWorld(this.#world()), undefined, 1)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporaryPath, this.#path);
    } finally {
      rmSync(temporaryPath, { force: true });
    }
  }
}
