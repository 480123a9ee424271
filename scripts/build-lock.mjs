import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** No build takes as long as this, in ms: whoever holds the lock for longer is another process, that was given the number of one that was killed. */
const longestMs = 10 * 60_000;

/** How often to look whether the lock is free, in ms. */
const lookMs = 50;

/**
 * Does work that one process at a time may do in this folder: test files, each in a process of its own, may all find that dist/ must be built. `onWait` is called once
 * when another is at it. A lock whose holder was killed is taken over. Returns what `work` returns.
 */
export async function alone(root, work, onWait) {
  const lock = join(root, 'dist.lock.tmp');
  const mine = join(root, `dist.lock-${process.pid}.tmp`);
  rmSync(mine, { recursive: true, force: true });
  mkdirSync(mine);
  writeFileSync(join(mine, 'holder'), String(process.pid));
  try {
    for (let waits = false; !moved(mine, lock); ) {
      if (breakStale(root, lock)) continue;
      if (!waits) onWait();
      waits = true;
      await sleep(lookMs);
    }
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    throw error;
  }
  try {
    return await work();
  } finally {
    // Aside first: what is deleted piece by piece would be free before it is gone.
    if (holderOf(lock)?.pid === process.pid && moved(lock, mine)) rmSync(mine, { recursive: true, force: true });
  }
}

/** False when there is something at `to`. A folder is moved in one piece, or not at all. */
function moved(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    // Windows says EPERM for it.
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

/** Takes the lock of a dead process away, and what that left of its build. True when the lock may be free now. */
function breakStale(root, lock) {
  const holder = holderOf(lock);
  if (holder === undefined) return true;
  if (isAlive(holder.pid) && Date.now() - holder.since < longestMs) return false;
  const aside = join(root, `dist.stale-${process.pid}.tmp`);
  rmSync(aside, { recursive: true, force: true });
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    throw error;
  }
  // Another may have taken it over in between.
  const taken = holderOf(aside);
  const isStale = taken?.pid === holder.pid && taken.since === holder.since;
  if (!isStale && moved(aside, lock)) return false;
  rmSync(aside, { recursive: true, force: true });
  if (isStale) rmSync(join(root, `dist.${holder.pid}.tmp`), { recursive: true, force: true });
  return true;
}

/** Undefined when nobody holds it. */
function holderOf(lock) {
  try {
    const file = join(lock, 'holder');
    return { pid: Number(readFileSync(file, 'utf8')), since: statSync(file).mtimeMs };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
