import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The server cannot listen on the address. `message` has the cause and the fix. */
export class ListenError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
  }
}

/** The settings of the address, for messages. */
interface AddressNames {
  readonly host: string;
  readonly port: string;
}

const OPTIONS: AddressNames = { host: '--host', port: '--port' };

/**
 * Connections that the operating system queues until the event loop accepts them; it may have a lower maximum. Further
 * ones are dropped, and their clients retry only after a second.
 */
const BACKLOG = 4_096;

/** Resolves with the port once the server listens. Rejects with a `ListenError`. */
export function listen(server: Server, host: string, port: number, names = OPTIONS): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port, names)));
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.removeAllListeners('error');
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** `http://host:port`, with the brackets that an IPv6 address needs. */
export function baseUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A `ListenError` for an error of listening; any other error as it is. */
export function listenError(error: unknown, host: string, port: number, names = OPTIONS): unknown {
  const listening =
    error instanceof Error && 'syscall' in error && ['listen', 'getaddrinfo'].includes(String(error.syscall));
  return listening ? new ListenError(explain(error, host, port, names), error) : error;
}

function explain(error: unknown, host: string, port: number, names: AddressNames): string {
  switch (error instanceof Error && 'code' in error && error.code) {
    case 'EADDRINUSE':
      return `port ${port} is in use on ${host}; choose another with ${names.port}, or any free one with ${names.port} 0`;
    case 'EACCES':
      return `port ${port} may not be opened by this user; choose one above 1023 with ${names.port}`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine; choose another with ${names.host}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name ${host} is not known; choose another with ${names.host}`;
    default:
      return `cannot listen on ${baseUrl(host, port)}: ${error}`;
  }
}
