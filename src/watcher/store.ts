import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { JournalStore } from './journal.ts';
import { type LevelJournalsOptions, levelJournals } from './level-journals.ts';
import { isDiskFull, StoreError, StoreTimeout } from './store-error.ts';

/**
 * A file system without a response after this time counts as hanging, in ms. LevelDB itself opens within milliseconds.
 */
const OPEN_TIMEOUT_MS = 5_000;

/** Opens the folder that stores logs, and creates it if necessary. Rejects with a `StoreError`. */
export async function openStore(folder: string, options: LevelJournalsOptions): Promise<JournalStore> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreTimeout(OPEN_TIMEOUT_MS)), OPEN_TIMEOUT_MS);
  });
  const opening = openLevel(folder);
  try {
    return levelJournals(await Promise.race([opening, timeout]), options);
  } catch (error) {
    // A store that opens later is closed again.
    if (error instanceof StoreTimeout) opening.then((store) => store.close()).catch(() => {});
    throw new StoreError(`watch.store: ${folder} ${explain(error)}`, error);
  } finally {
    clearTimeout(timer);
  }
}

async function openLevel(folder: string) {
  // The folder holds the organization's data, so only its owner may read it.
  await makeFolder(resolve(folder));
  const { ClassicLevel } = await import('classic-level');
  const store = new ClassicLevel<string, string>(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
  await store.open();
  return store;
}

function explain(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'LEVEL_LOCKED') {
    return 'is in use by another process; give each gateway its own folder, or share Redis (redis.url)';
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  if (code === 'LEVEL_CORRUPTION') {
    return `is corrupt (${message}); move it away, and the gateway creates a new one. Subscribers then receive new snapshots`;
  }
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return 'cannot be created, as a part of its path is not a folder; set another path';
  if (code === 'ENOENT') return `cannot be created (${message}); set a path on a disk`;
  if (code === 'EACCES' || code === 'EPERM')
    return `cannot be created, as this user has no permission (${message}); set another path, or change the permissions`;
  if (code === 'EROFS') return 'is on a read-only file system; set another path, or mount it for writing';
  if (code === 'ERR_MODULE_NOT_FOUND')
    return 'requires the package classic-level, which npm did not install; run npm install again, or remove the setting';
  if (message.includes('Permission denied'))
    return `cannot be opened, as this user has no permission (${message}); change the permissions of its files`;
  return `cannot be opened: ${message}`;
}

/**
 * Creates a folder and missing parents, for their owner only. Node's `recursive` option never returns where creating a
 * folder fails with ENOENT although its parent exists, as in /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const above = dirname(folder);
    if (code === 'ENOENT' && above !== folder) {
      await makeFolder(above);
      await mkdir(folder, { mode: 0o700 }).catch(ignoreExisting);
    } else if (code !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
}

/** Ignores that another process has created the folder meanwhile. */
function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Logs when `watch.store` cannot be opened or written, and keeps the code for metrics and readiness. A failed store is
 * not used until the next start.
 */
export class StoreStatus {
  readonly #log: Pick<Logger, 'error'>;
  #code: 'STORE_FULL' | 'STORE_FAILED' | undefined;

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log;
  }

  /** Why the store is not used for at least one list; undefined while it works. */
  get code(): string | undefined {
    return this.#code;
  }

  notOpened(error: StoreError): void {
    this.#failed(error);
    this.#log.error(
      { reason: error.message },
      'watch.store is not used until the next start; events are kept in memory only',
    );
  }

  /** `list`: the list whose log cannot be written; undefined when old logs cannot be deleted. */
  notWritten(error: unknown, list: string | undefined): void {
    this.#failed(error);
    const then = list
      ? 'until the next start this list is kept in memory only'
      : 'old logs without subscribers stay there';
    this.#log.error({ err: error, list }, `watch.store cannot be written; ${then}`);
  }

  #failed(error: unknown): void {
    this.#code ??= isDiskFull(error) ? 'STORE_FULL' : 'STORE_FAILED';
  }
}
