// Runs third-party clients over all operations: npm run bench:compat -- --write
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSimulator } from '../../src/simulator/index.ts';
import { startAwsCli } from './aws-cli.ts';
import type { Client } from './client.ts';
import { startGoSdk } from './go-sdk.ts';
import { Recorder } from './recorder.ts';
import { runScenario, simulatorOptions } from './scenario.ts';
import { compatTable, faultsOf, type Run } from './table.ts';

const DEBIAN_AWS = '/usr/bin/aws';
const [begin, end] = ['<!-- clients: begin -->', '<!-- clients: end -->'];

const { values } = parseArgs({
  options: {
    aws: { type: 'string', default: existsSync(DEBIAN_AWS) ? DEBIAN_AWS : 'aws' },
    /** Runs one client only: `cli` or `go`. */
    only: { type: 'string' },
    /** Writes the table to docs/simulator.md. */
    write: { type: 'boolean', default: false },
  },
});
const root = process.cwd();
const clients: Readonly<Record<string, (url: string) => Promise<Client>>> = {
  cli: (url) => startAwsCli(values.aws, url),
  go: (url) => startGoSdk(join(root, 'bench', 'compat', 'go', 'main.go'), url),
};

const runs: Run[] = [];
for (const [name, start] of Object.entries(clients)) {
  if (values.only === undefined || values.only === name) runs.push(await run(start));
}
const table = compatTable(runs);
process.stdout.write(`${table}\n`);
if (values.write) {
  const path = join(root, 'docs', 'simulator.md');
  const [before = '', rest = ''] = readFileSync(path, 'utf8').split(begin);
  writeFileSync(path, `${before}${begin}\n${table}\n${end}${rest.split(end)[1] ?? ''}`);
}
const faults = runs.flatMap(faultsOf);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;

async function run(start: (url: string) => Promise<Client>): Promise<Run> {
  await using simulator = await startSimulator(simulatorOptions);
  const client = await start(simulator.url);
  try {
    const recorder = new Recorder(client);
    await runScenario(recorder, simulator);
    return { client: client.name, results: recorder.results };
  } finally {
    await client.close();
  }
}
