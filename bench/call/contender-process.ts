import { answer } from '../watch/process.ts';
import { type ContenderName, contenders, type Once, type Operation } from './contenders.ts';

export interface Begin {
  readonly name: ContenderName;
  readonly url: string;
}

export interface Spend {
  readonly operation: Operation;
  readonly times: number;
  /** Number of concurrent calls. */
  readonly atOnce: number;
}

let once: Once | undefined;

/** CPU time per call, in µs. */
async function spend({ operation, times, atOnce }: Spend): Promise<number> {
  if (once === undefined) throw new Error('nothing has begun');
  const before = process.cpuUsage();
  for (let done = 0; done < times; done += atOnce) {
    if (atOnce === 1) await once(operation, done);
    else await Promise.all(Array.from({ length: atOnce }, (_, index) => once?.(operation, done + index)));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

answer({
  async begin(argument) {
    const { name, url } = argument as Begin;
    once = await contenders[name].create(url);
  },
  spend: (argument) => spend(argument as Spend),
});
