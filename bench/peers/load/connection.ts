import { once } from 'node:events';
import { connect } from 'node:net';
import { type Answer, AnswerReader } from './answer-reader.ts';

export interface ConnectionOptions {
  readonly port: number;
  /** Returns the bytes of the next request. Undefined ends the connection. */
  readonly next: () => Buffer | undefined;
  /** Receives each response and its latency in ms. */
  readonly onAnswer: (answer: Answer, tookMs: number) => void;
}

/** Sends requests in sequence on a keep-alive connection. Rejects if the connection fails. */
export async function runConnection({ port, next, onAnswer }: ConnectionOptions): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const reader = new AnswerReader();
  await new Promise<void>((resolve, reject) => {
    let sentAt = 0;
    let ending = false;
    const send = () => {
      const request = next();
      if (request === undefined) {
        ending = true;
        socket.end(resolve);
        return;
      }
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('data', (part: Buffer) => {
      try {
        const answer = reader.push(part);
        if (answer === undefined) return;
        onAnswer(answer, performance.now() - sentAt);
        send();
      } catch (error) {
        reject(error);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (!ending) reject(new Error('the server closed a connection that was to be kept'));
    });
    send();
  }).finally(() => socket.destroy());
}
