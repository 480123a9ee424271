import type { WebSocket } from 'ws';
import { CLOSE_TIMEOUT_MS } from '../limits.ts';

/** A client that is rejected gets the close frame, and no more time than that needs, in ms. */
const REJECT_TIMEOUT_MS = 1_000;

/** Closes a WebSocket, and terminates it when the client does not answer soon, or does not even read the close frame. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  close(socket, code, reason, CLOSE_TIMEOUT_MS);
  // The client's own close frame has to be read.
  socket.resume();
}

/** Closes a WebSocket whose client sends too much: nothing more is read from it. */
export function rejectSocket(socket: WebSocket, code: number, reason: string): void {
  close(socket, code, reason, REJECT_TIMEOUT_MS);
  socket.pause();
}

function close(socket: WebSocket, code: number, reason: string, timeoutMs: number): void {
  if (socket.readyState !== socket.OPEN) return;
  const timer = setTimeout(() => socket.terminate(), timeoutMs);
  socket.once('close', () => clearTimeout(timer));
  socket.close(code, reason);
}
