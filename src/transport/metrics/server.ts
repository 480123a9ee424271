import { Gauge, type Registry } from 'prom-client';
import type { ServerState } from '../parts.ts';

/** Shows what the server holds for its clients, once it has started. Returns the function to call then. */
export function observeServer(registry: Registry): (read: () => ServerState) => void {
  const registers = [registry];
  return (read) => {
    new Gauge({
      name: 'orgql_buffered_bytes',
      help: 'Bytes that are buffered for clients now: requests and messages that are not complete, and answers that are not read.',
      registers,
      collect() {
        this.set(read().bufferedBytes);
      },
    });
    new Gauge({
      name: 'orgql_connections',
      help: 'TCP connections that are open now; proxy: from a trusted proxy.',
      labelNames: ['state'],
      registers,
      collect() {
        for (const [state, count] of Object.entries(read().connections)) this.set({ state }, count);
      },
    });
  };
}
