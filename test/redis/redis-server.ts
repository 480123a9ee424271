import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';

/** A process of Debian's redis-server with its own port and data folder. */
export class RedisServer implements AsyncDisposable {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #arguments: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, persistent: boolean) {
    this.#port = port;
    this.#folder = folder;
    this.#arguments = persistent ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--save', ''];
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start({ persistent = true } = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'orgql-redis-')), persistent);
    await server.start();
    return server;
  }

  /**
   * Resolves when it accepts commands. Rejects without an installed redis-server; the error names the package to
   * install.
   */
  async start(): Promise<void> {
    const child = spawn(
      process.env['REDIS_SERVER'] ?? 'redis-server',
      ['--port', String(this.#port), '--bind', '127.0.0.1', '--dir', this.#folder, ...this.#arguments],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.once('error', (cause) => reject(new Error('Install the Debian package redis-server first.', { cause })));
      child.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Ready to accept connections')) resolve();
      });
    });
  }

  /** Makes it hang: connections stay open without replies. */
  hang(): void {
    this.#process?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Stops it. It saves its data unless it is killed. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    // A suspended process would not receive the signal.
    child.kill('SIGCONT');
    child.kill(signal);
    await once(child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true });
  }
}
