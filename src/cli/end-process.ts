import { setTimeout as sleep } from 'node:timers/promises';

/** What Node calls requests that run in its thread pool. https://nodejs.org/docs/latest-v20.x/api/process.html#processgetactiveresourcesinfo */
const THREAD_POOL_REQUEST = /^(FSReq|GetAddrInfo|GetNameInfo)/;
/** Such requests get this long to end, in ms … */
const GRACE_MS = 500;
/** … and are looked at this often, in ms. */
const POLL_MS = 20;

/**
 * Ends the process with an exit code. `process.exit` waits for the thread pool, and so for ever where the system does not answer, as on a mount that hangs: then the
 * process is killed. `isHanging`: that it does not, where Node cannot see it.
 */
export async function endProcess(code: number, isHanging = false): Promise<never> {
  const until = performance.now() + GRACE_MS;
  while (hasThreadPoolRequest() && performance.now() < until) await sleep(POLL_MS);
  if (isHanging || hasThreadPoolRequest()) {
    process.kill(process.pid, 'SIGKILL');
    // The first process of a container cannot kill itself so.
    process.abort();
  }
  process.exit(code);
}

const hasThreadPoolRequest = (): boolean =>
  process.getActiveResourcesInfo().some((name) => THREAD_POOL_REQUEST.test(name));
