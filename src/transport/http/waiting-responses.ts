import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes the responses that wait behind another on their connection (HTTP pipelining) when the connection goes. Node does so only with the one whose turn it is:
 * the others have no socket of their own yet and would never hear of it, and nor would who looks after them for as long as they are open. Before any other
 * listener's request, as some ask at once whether the client is still there.
 */
export function closeWaitingResponses(http: Server): void {
  const waiting = new WeakMap<Socket, Set<ServerResponse>>();
  http.prependListener('request', ({ socket }, response) => {
    if (response.socket !== null) return;
    const those = waiting.get(socket) ?? new Set();
    those.add(response);
    response.once('close', () => those.delete(response));
    if (waiting.has(socket)) return;
    waiting.set(socket, those);
    socket.once('close', () => {
      for (const response of those) {
        if (response.socket !== null) continue;
        response.destroy();
        response.emit('close');
      }
    });
  });
}
