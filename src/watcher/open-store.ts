import { resolve } from 'node:path';
import type { JournalStore } from './journal.ts';
import { type LevelJournalsOptions, levelJournals } from './level-journals.ts';
import { makeFolder } from './make-folder.ts';
import { StoreError, StoreTimeout } from './store-error.ts';

/** A file system that has not answered after this long is unreachable, in ms. LevelDB itself opens within milliseconds. */
const OPEN_TIMEOUT_MS = 5_000;

/** Opens the folder that keeps logs over restarts, making it when there is none. Rejects with a `StoreError`. */
export async function openStore(folder: string, options: LevelJournalsOptions): Promise<JournalStore> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreTimeout(OPEN_TIMEOUT_MS)), OPEN_TIMEOUT_MS);
  });
  const opening = openLevel(folder);
  try {
    return levelJournals(await Promise.race([opening, timeout]), options);
  } catch (error) {
    // Should it open yet, nobody uses it.
    if (error instanceof StoreTimeout) opening.then((store) => store.close()).catch(() => {});
    throw new StoreError(`watch.store: ${folder} ${explain(error)}`, error);
  } finally {
    clearTimeout(timer);
  }
}

async function openLevel(folder: string) {
  // What is in it is the organization's data: nobody else's to read.
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
    return 'is in use by another process; give each gateway a folder of its own, or let all share one Redis (redis.url)';
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  if (code === 'LEVEL_CORRUPTION') {
    return `is damaged; move it away, and the gateway makes a new one: subscribers get fresh snapshots (${message})`;
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'is no folder, or lies in none';
  if (code === 'ENOENT') return `cannot be made there; name a folder on a disk (${message})`;
  if (code === 'EACCES' || code === 'EPERM') return `may not be made by this user (${message})`;
  if (code === 'EROFS') return 'lies on a read-only file system; name another, or mount it for writing';
  if (code === 'ERR_MODULE_NOT_FOUND') return 'needs the package classic-level, which npm could not install here';
  if (message.includes('Permission denied')) return `may not be used by this user (${message})`;
  return `cannot be used: ${message}`;
}
