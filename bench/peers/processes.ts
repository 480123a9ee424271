import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Contender } from './contender.ts';
import type { LoadOptions, LoadReport } from './load/load.ts';
import type { ServerMessage } from './server-process.ts';

export interface ServerProcess {
  readonly contender: Contender;
  readonly port: number;
  /** User and system CPU time since the start of the process, in s. */
  cpuSeconds(): Promise<number>;
  /** Sets the body of the fixed reply. */
  setReply(body: string): Promise<void>;
  stop(): Promise<void>;
}

export interface LoadProcess {
  run(options: LoadOptions): Promise<LoadReport>;
  stop(): Promise<void>;
}

// The script has the same extension as this file, compiled or not.
const extension = import.meta.url.slice(-3);

function start(script: string, ...args: readonly string[]): ChildProcess {
  const env = { ...process.env, NODE_ENV: 'production' };
  return fork(new URL(`./${script}${extension}`, import.meta.url), [...args], { env, execArgv: [] });
}

export async function startServerProcess(contender: Contender): Promise<ServerProcess> {
  const child = start('server-process', contender.name);
  const { port } = await message<{ port: number }>(child, contender.name);
  const ask = (question: ServerMessage) => {
    child.send(question);
    return message<{ cpu: NodeJS.CpuUsage }>(child, contender.name);
  };
  return {
    contender,
    port,
    async cpuSeconds() {
      const { cpu } = await ask({ ask: 'cpu' });
      return (cpu.user + cpu.system) / 1e6;
    },
    async setReply(body) {
      await ask({ ask: 'reply', body });
    },
    stop: () => stop(child),
  };
}

export async function startLoadProcess(): Promise<LoadProcess> {
  const child = start('load/process');
  await message(child, 'the load');
  return {
    async run(options) {
      child.send(options);
      const answer = await message<{ report: LoadReport } | { fault: string }>(child, 'the load');
      if ('fault' in answer) throw new Error(answer.fault);
      return answer.report;
    },
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}

function message<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error(`the process of ${name} ended before it answered`));
    child.once('exit', gone);
    child.once('message', (received: T) => {
      child.off('exit', gone);
      resolve(received);
    });
  });
}
