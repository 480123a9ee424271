// Measures what the gateway costs at rest: start time, memory, and memory per open WebSocket, each beside a baseline in
// the same run.
//
//   npm run bench:footprint -- [--only starts,sockets] [--runs 9] [--sockets 2000]
import { rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kb, mb, ms, table, times } from './figures.ts';
import { measureSockets } from './sockets.ts';
import { measureStarts, script } from './starts.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'starts,sockets' },
    runs: { type: 'string', default: '9' },
    sockets: { type: 'string', default: '2000' },
  },
});
const print = (text: string) => void process.stdout.write(`${text}\n\n`);

/** A gateway with one principal with fixed keys, and an endpoint on this machine. */
const settings = {
  port: 0,
  principals: [
    {
      name: 'main',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9',
      credentials: { type: 'static', accessKeyId: '111111111111', secretAccessKey: 'not-looked-at' },
    },
  ],
};

async function starts(): Promise<void> {
  const config = join(tmpdir(), `orgql-footprint-${process.pid}.json`);
  writeFileSync(config, JSON.stringify(settings));
  const orgql = script('../../src/main.js');
  const measured = await measureStarts(
    [
      { title: '`node -e 0`', args: ['-e', '0'] },
      { title: 'bare Yoga, one field', args: [script('./bare-yoga.js')] },
      { title: '`orgql serve --config`', args: [orgql, 'serve', '--config', config] },
      { title: '`orgql demo`', args: [orgql, 'demo', '--port', '0'] },
      { title: '`orgql simulate`', args: [orgql, 'simulate', '--port', '0'] },
      { title: '`orgql schema`', args: [orgql, 'schema'] },
      { title: '`orgql --help`', args: [orgql, '--help'] },
    ],
    Number(values.runs),
  );
  rmSync(config);
  const yoga = measured[1]?.ms ?? 0;
  const rows = measured.map(({ title, ms: taken, cpuMs, modules, idle }) => [
    title,
    ms(taken),
    times(taken, yoga),
    cpuMs === undefined ? '' : ms(cpuMs),
    String(modules),
    idle ? mb(idle.rss) : '',
    idle ? mb(idle.heap) : '',
  ]);
  print(table(['', 'to ready', 'to Yoga', 'CPU', 'modules', 'resident at rest', 'alive'], rows));
}

async function sockets(): Promise<void> {
  const count = Number(values.sockets);
  const { gateway, plain } = await measureSockets(count);
  const rows = [
    ['orgql, `connection_init` acknowledged', kb(gateway), times(gateway, plain)],
    ['plain `ws`', kb(plain), times(plain, plain)],
  ];
  print(table([`one of ${count} idle WebSockets`, 'memory', 'to `ws`'], rows));
}

const parts: Readonly<Record<string, () => Promise<void>>> = { starts, sockets };
const wanted = values.only.split(',');
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0)
  throw new Error(`--only: there is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
print(
  `Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()}); medians of ${values.runs} starts.`,
);
for (const name of wanted) await parts[name]?.();
