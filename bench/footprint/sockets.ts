import { Part } from '../watch/process.ts';
import type { Connect } from './clients-process.ts';

/** Live memory per open WebSocket in a server's process, in bytes. */
export interface Sockets {
  readonly gateway: number;
  readonly plain: number;
}

/** Idle, acknowledged WebSockets of the gateway, and sockets of a plain server. */
export async function measureSockets(count: number): Promise<Sockets> {
  return {
    gateway: await socketsOf('../footprint/gateway-process.js', true, count),
    plain: await socketsOf('../footprint/plain-process.js', false, count),
  };
}

async function socketsOf(script: string, says: boolean, count: number): Promise<number> {
  await using server = new Part(script);
  await using clients = new Part('../footprint/clients-process.js');
  const url = String(await server.ask('start'));
  const connect = (some: number) => clients.ask('connect', { url, says, count: some } satisfies Connect);
  // The first sockets allocate memory that does not depend on their number.
  await connect(Math.ceil(count / 10));
  const before = Number(await server.ask('alive'));
  await connect(count);
  return (Number(await server.ask('alive')) - before) / count;
}
