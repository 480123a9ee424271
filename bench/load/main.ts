// What many clients get while AWS throttles, stalls, resets connections and breaks off its answers: every request has to get a well-formed
// answer or a well-formed error within its deadline, and memory has to go back to where it was. Beside it, what the gateway itself costs a
// request that needs no call, and what the bare Yoga server that it is made of costs.
//
//   npm run bench:load -- [--seconds 30] [--clients 200]
import { parseArgs } from 'node:util';
import { reads } from '../soak/clients.ts';
import { type LoadReport, load } from './load.ts';
import { type ServerProcess, startProcess, type Vitals } from './process.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, clients: { type: 'string', default: '200' } },
});
const clients = Number(values.clients);
const seconds = Number(values.seconds);
/** An operation's deadline, `upstream.deadlineMs`. */
const deadlineMs = 5_000;
/** What may come on top of it: the answer has to be made and sent, beside those of all the other clients. */
const marginMs = 1_000;
/** Heap that may stay behind, in bytes: caches are full that were empty. */
const mayStay = 16 * 2 ** 20;

const storm = [...reads, '{ viewer { principal { name } } }', '{ organization { id } }'];
const print = (line: string) => void process.stdout.write(`${line}\n`);
const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

const late = ({ p50, p99, max }: Vitals['delay']) => `p50 ${ms(p50)}, p99 ${ms(p99)}, at most ${ms(max)}`;
const figures = ({ requests, perSecond, p50, p99, max }: LoadReport, { delay }: Vitals) =>
  `${requests} requests, ${Math.round(perSecond)}/s; p50 ${ms(p50)}, p99 ${ms(p99)}, longest ${ms(max)}; event loop late by ${late(delay)}`;

async function measure(server: ServerProcess, documents: readonly string[], forSeconds: number) {
  // The first requests compile code.
  const { url, ended } = server;
  await load({ url, ended, documents, clients: Math.min(clients, 10), seconds: Math.min(1, forSeconds) });
  const before = await server.vitals();
  const report = await load({ url, ended, documents, clients, seconds: forSeconds });
  return { before, report, after: await server.vitals() };
}

print(`${clients} clients, Node ${process.version}`);
const faults: string[] = [];
{
  await using yoga = await startProcess('bare-yoga');
  const { report, after } = await measure(yoga, ['{ hello }'], seconds / 6);
  print(`bare Yoga, { hello }:          ${figures(report, after)}`);
}
{
  await using simulator = await startProcess('simulator');
  await using gateway = await startProcess('gateway', simulator.url, String(deadlineMs));
  const calm = await measure(gateway, ['{ viewer { principal { name } } }'], seconds / 6);
  print(`orgql, without a call to AWS:  ${figures(calm.report, calm.after)}`);
  faults.push(...calm.report.malformed);

  const { before, report, after } = await measure(gateway, storm, seconds);
  print(`orgql, mixed, in the storm:    ${figures(report, after)}`);
  const failed = [...report.errors].map(([code, count]) => `${count} ${code}`).join(', ');
  print(`  answers with errors: ${failed || 'none'}`);
  print(
    `  heap ${mb(before.heap)} before, ${mb(after.heap)} after; handles ${before.handles} before, ${after.handles} after`,
  );
  print(
    `  longest answer, from its request's first byte to its own last: ${ms(after.longest)}; the clients' own event loop late by ${late(report.delay)}; all were connected after ${ms(report.connectedAfter)}`,
  );
  faults.push(...report.malformed);
  // Where the machine has not enough processors for all, each event loop is late by itself: as much as it was is no fault of the deadline.
  const allowedMs = deadlineMs + marginMs + after.delay.max;
  if (after.longest > allowedMs)
    faults.push(`an answer took ${ms(after.longest)} in the gateway, with a deadline of ${ms(deadlineMs)}`);
  if (report.max > allowedMs + report.delay.max)
    faults.push(
      `an answer took ${ms(report.max)}, with a deadline of ${ms(deadlineMs)}: ${report.slowest?.document} ${report.slowest?.answer}`,
    );
  if (after.heap - before.heap > mayStay) faults.push(`the heap has grown by ${mb(after.heap - before.heap)}`);
}
for (const fault of faults.slice(0, 10)) print(`FAULT: ${fault}`);
print(`${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
