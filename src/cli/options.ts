import { InvalidArgumentError, Option } from 'commander';
import { isLoopback } from '../config/loopback.ts';

/** --host and --port, which all three servers have. */
export const host = () => new Option('--host <host>', 'address to listen on (default: 127.0.0.1)').env('ORGQL_HOST');
export const port = (usual: number) =>
  new Option('--port <port>', `TCP port; 0 takes any free one (default: ${usual})`)
    .env('ORGQL_PORT')
    .argParser(wholeNumber(0, 65_535, usual));

/** The simulated world, which `demo` and `simulate` have. */
export const seed = () =>
  new Option('--seed <world>', 'what there is at the start: demo, empty or a JSON file (default: demo)');
export const accounts = () =>
  new Option('--accounts <n>', 'number of accounts in the organization of the demo world').argParser(
    wholeNumber(1, 100_000, 200),
  );

export function wholeNumber(least: number, most: number, example: number = least) {
  return (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}. For example: ${example}`);
  };
}

export function accountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the 12 digits of an account id. For example: 123456789012');
}

/** Says on standard error what it means that the demo, which asks nobody who they are, listens on more than loopback. */
export function warnIfExposed(address: string): void {
  if (isLoopback(address)) return;
  console.warn(
    `orgql: warning: listening on ${address}: everybody who reaches the port can use the demo, as each of its principals`,
  );
}
