// Runs mixed queries and writes on the demo world with faults, while another client uses the same account's rates. No
// throttle may reach a client, no read may be older than its client's own write, and memory, sockets and timers may not
// grow.
//
//   npm run bench:soak -- [--minutes 10] [--readers 6] [--writers 4]
import { parseArgs } from 'node:util';
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { reads } from '../../test/support/mixed-reads.ts';
import { unlimited } from '../unlimited.ts';
import { type Answer, createAsk, createWriters } from './clients.ts';
import { startStormyWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    readers: { type: 'string', default: '6' },
    writers: { type: 'string', default: '4' },
  },
});
const slices = 10;
const sliceMs = (Number(values.minutes) * 60_000) / slices;

interface Sample {
  readonly heapMb: number;
  readonly sockets: number;
  readonly timers: number;
}

const totals = { queries: 0, writes: 0, unsure: 0, stale: 0, throttled: 0, events: 0 };
const errors = new Map<string, number>();

function book({ errors: raised = [] }: Answer): void {
  totals.queries += 1;
  for (const { message, extensions } of raised) {
    const code = extensions?.code ?? message;
    const what = `${code} ${extensions?.operation ?? ''}`;
    errors.set(what, (errors.get(what) ?? 0) + 1);
    if (code === 'TooManyRequestsException') totals.throttled += 1;
  }
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

await using world = await startStormyWorld();
const settings = demoSettings(world.url);
const gateway = await createGateway(
  configSchema.parse({
    ...settings,
    port: 0,
    upstream: { budget: 'documented' },
    watch: {},
    limits: unlimited,
    log: { level: 'fatal', audit: false },
  }),
);
const plainAsk = createAsk(gateway.url);
const ask: typeof plainAsk = async (query, variables) => {
  const answer = await plainAsk(query, variables);
  book(answer);
  return answer;
};
const writers = await createWriters(ask, Number(values.writers));
let turns = 0;

/** Runs all clients until the end of a time slice, and waits for their current operations. */
async function work(): Promise<void> {
  const end = performance.now() + sliceMs;
  const goOn = () => performance.now() < end;
  const reader = async (offset: number) => {
    for (let next = offset; goOn(); next += 1) await ask(reads[next % reads.length] ?? '{ __typename }');
  };
  const writer = async (one: (typeof writers)[number]) => {
    while (goOn()) {
      turns += 1;
      const fresh = await one.turn(turns);
      totals.writes += 1;
      if (fresh === undefined) totals.unsure += 1;
      if (fresh === false) {
        totals.stale += 1;
        print(`stale: ${one.name}`);
      }
    }
  };
  const intruder = async () => {
    const client = new OrganizationsClient({
      endpoint: world.url,
      region: 'us-east-1',
      credentials: { accessKeyId: '111111111111', secretAccessKey: 'not looked at' },
      maxAttempts: 1,
    });
    while (goOn()) {
      await client.send(new ListAccountsCommand({})).catch(() => undefined);
      await sleep(300);
    }
    client.destroy();
  };
  const subscriber = async () => {
    const client = createClient({ url: gateway.url.replace('http', 'ws'), webSocketImpl: WebSocket });
    const events = client.iterate({
      query: 'subscription { organizationHandshakeChanges { type handshake { id state } } }',
    });
    const over = setTimeout(() => void client.dispose(), Math.max(0, end - performance.now()));
    try {
      for await (const { errors: raised } of events) {
        totals.events += 1;
        if (raised) book({ errors: raised as Answer['errors'] & object });
      }
    } catch {
      // Disposing the client ends the iteration with an error.
    }
    clearTimeout(over);
    await client.dispose();
  };
  await Promise.all([
    ...Array.from({ length: Number(values.readers) }, (_, index) => reader(index)),
    ...writers.map(writer),
    intruder(),
    subscriber(),
  ]);
}

/** Returns the state at rest, after keep-alive connections have closed. */
async function sample(): Promise<Sample> {
  await sleep(12_000);
  globalThis.gc?.();
  await sleep(100);
  globalThis.gc?.();
  const resources = process.getActiveResourcesInfo();
  const count = (name: string) => resources.filter((resource) => resource === name).length;
  return {
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    sockets: count('TCPSocketWrap') + count('TLSWrap'),
    timers: count('Timeout'),
  };
}

print(
  `${values.minutes} minutes, ${values.readers} readers, ${values.writers} writers, a subscriber, and another client on the account`,
);
const samples: Sample[] = [];
for (let slice = 1; slice <= slices; slice += 1) {
  await work();
  const now = await sample();
  samples.push(now);
  print(
    `${slice}/${slices}: ${totals.queries} queries, ${totals.writes} writes (${totals.unsure} unsure), ${totals.events} events, ${totals.stale} stale, ${totals.throttled} throttles surfaced; heap ${now.heapMb.toFixed(1)} MB, ${now.sockets} sockets, ${now.timers} timers`,
  );
}
print(`errors: ${JSON.stringify(Object.fromEntries(errors))}`);
await gateway.close();

const [, , warm] = samples;
const last = samples.at(-1);
const failures = [
  totals.throttled > 0 && 'throttles were surfaced',
  totals.stale > 0 && "reads were older than their client's own writes",
  warm && last && last.heapMb > warm.heapMb * 1.15 + 3 && 'memory has grown',
  warm && last && last.sockets > warm.sockets + 1 && 'sockets have grown',
  warm && last && last.timers > warm.timers + 1 && 'timers have grown',
].filter((failure) => typeof failure === 'string');
print(failures.length === 0 ? 'sound' : `NOT SOUND: ${failures.join('; ')}`);
process.exitCode = failures.length === 0 ? 0 : 1;
