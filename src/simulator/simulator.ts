import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { autoRespond } from './auto-respond.ts';
import { checkOptions } from './check-options.ts';
import { ClientPool } from './client-pool.ts';
import { createClock, type SimulatorClock } from './clock.ts';
import { SimulatorControl } from './control/control.ts';
import { handleControlRequest, mayChangeWorld } from './control/control-endpoint.ts';
import type { Simulator, SimulatorOptions } from './options.ts';
import { Pager } from './paging/pager.ts';
import { listen } from './protocol/listen.ts';
import { createSimulatorServer } from './protocol/server.ts';
import { trustSignatures, verifySignatures } from './protocol/signature.ts';
import type { World } from './world/world.ts';
import { createWorld } from './worlds/create-world.ts';
import { StateFile } from './worlds/state-file.ts';

export type { Simulator, SimulatorOptions } from './options.ts';

/**
 * Starts a server that simulates AWS Organizations, and GetCallerIdentity and AssumeRole of STS, on one port.
 *
 * @throws {TypeError} if an option is not valid
 * @throws {WorldFileError} if the seed or the state file is not a world, or the state file cannot be written
 * @throws the error of `net.Server.listen` if the port cannot be used
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  checkOptions(options);
  const onError = options.onError ?? ((error: unknown) => console.error(error));
  const state = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, () => world, onError);
  const seed = state?.exists && options.stateFile !== undefined ? { file: options.stateFile } : options.seed;
  const clock = options.clock ?? createClock();
  const resetClock = rememberClock(clock);
  const control = createControl(options);
  const pager = new Pager(randomBytes(32), () => control.shouldReturnEmptyPage());
  const observeWorld = () => {
    world.onHandshake(() => state?.scheduleWrite());
    if (!options.autoRespond) return () => {};
    return autoRespond(world, pager, options.autoRespond === true ? {} : options.autoRespond);
  };
  let world = createWorld(seed, clock, options);
  let stopAutoRespond = observeWorld();
  if (state && !state.exists) state.create();

  const closing = new AbortController();
  // Each delayed reply adds a listener.
  setMaxListeners(0, closing.signal);
  const server = createSimulatorServer({
    get world() {
      return world;
    },
    control,
    pager,
    checkSignature: options.verifySignatures
      ? verifySignatures(() => world, options.verifySignatures.secretAccessKey)
      : trustSignatures(() => world),
    handleControlRequest: (request) => {
      if (mayChangeWorld(request)) state?.scheduleWrite();
      return handleControlRequest(controlContext, request);
    },
    onCall: () => state?.scheduleWrite(),
    closing: closing.signal,
    onError,
  });
  const replaceWorld = (replacement: unknown) => {
    const undo = resetClock();
    let next: World;
    try {
      next = createWorld(replacement, clock, options);
    } catch (error) {
      undo();
      throw error;
    }
    stopAutoRespond();
    world = next;
    stopAutoRespond = observeWorld();
  };
  const reset = (replacement: unknown = options.seed) => {
    replaceWorld(replacement);
    control.reset();
    state?.scheduleWrite();
  };
  const controlContext = {
    get world() {
      return world;
    },
    clock,
    control,
    replaceWorld,
    reset,
  };
  const { host, port } = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const clients = new ClientPool(url, options.verifySignatures?.secretAccessKey ?? 'any');
  const close = async () => {
    closing.abort();
    clients.destroy();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    state?.close();
  };
  return {
    url,
    host,
    port,
    clock,
    control,
    get world() {
      return world;
    },
    client: (accountId) => clients.get(accountId),
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * @returns a function that resets the clock to its initial rate and course, and that returns a function to undo the
 * reset
 */
function rememberClock(clock: SimulatorClock): () => () => void {
  const { rate } = clock;
  const start = clock.now();
  const startedAt = Date.now();
  return () => {
    const before = { now: clock.now(), rate: clock.rate };
    clock.setRate(rate);
    clock.set(start + Math.trunc((Date.now() - startedAt) * rate));
    return () => {
      clock.setRate(before.rate);
      clock.set(before.now);
    };
  };
}

function createControl(options: SimulatorOptions): SimulatorControl {
  const { faults, latencyMs, emptyPages, throttle, throttleFactor, randomSeed } = options;
  return new SimulatorControl({
    faults: {
      ...faults,
      ...(latencyMs !== undefined && { latency: latencyMs }),
      ...(emptyPages !== undefined && { emptyPages: Number(emptyPages) }),
      ...(throttle !== undefined && { throttle }),
    },
    ...(randomSeed !== undefined && { randomSeed }),
    ...(throttleFactor !== undefined && { throttleFactor }),
  });
}
