// Measures the simulator's calls per second, and their cost, beside a bare Node HTTP server that returns the same
// bytes. Each server has its own process; the client keeps 16 connections busy.
//
//   npm run build && node bench/simulator.mjs [seconds per row]
import { fork } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import { fileURLToPath } from 'node:url';

const CONNECTIONS = 16;
const ACCOUNTS = 10_000;
const account = '111111111111';

/** Starts a server in a process of its own, which reports its usage on request. */
async function serve({ bytes }) {
  let url;
  if (bytes === undefined) {
    const { startSimulator } = await import('../dist/simulator/index.js');
    const start = performance.now();
    const simulator = await startSimulator({ seed: 'demo', accounts: ACCOUNTS });
    const startMs = performance.now() - start;
    process.send?.({ url: simulator.url, startMs });
  } else {
    const server = createServer((incoming, response) => {
      incoming.resume().on('end', () => response.end(bytes));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${server.address().port}`;
    process.send?.({ url });
  }
  process.on('message', () => process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage() }));
}

function start(options) {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)]);
  const answer = () => new Promise((resolve) => child.once('message', resolve));
  const ready = answer();
  const used = () => {
    const next = answer();
    child.send('used');
    return next;
  };
  return { ready, used, stop: () => child.kill() };
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function call(url, operation, input) {
  const body = JSON.stringify(input);
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
    'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
    'x-amz-date': '20260101T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/organizations/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks = [];
      response
        .on('data', (chunk) => chunks.push(chunk))
        .on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${operation}: HTTP ${response.statusCode} ${text}`));
        });
    });
    sent.on('error', reject).end(body);
  });
}

async function rate(server, url, operation, input, seconds) {
  const before = await server.used();
  const end = performance.now() + seconds * 1000;
  let calls = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < end) {
        await call(url, operation, input);
        calls += 1;
      }
    }),
  );
  const after = await server.used();
  const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  return { perSecond: Math.round(calls / seconds), cpuMicroseconds: Math.round(cpu / calls), memory: after.memory.rss };
}

async function measure(seconds) {
  const simulator = start({});
  const { url, startMs } = await simulator.ready;
  const { memory } = await simulator.used();
  print(`Node ${process.version}; ${ACCOUNTS} accounts made in ${Math.round(startMs)} ms, ${mb(memory.rss)} MB.`);
  print('| call | a second | CPU per call | bare server, a second | CPU per call |');
  print('|---|---|---|---|---|');
  const rows = [
    ['DescribeOrganization', {}],
    ['DescribeAccount', { AccountId: account }],
    ['DescribeHandshake', { HandshakeId: await firstHandshake(url) }],
    ['ListAccounts', {}, 'first page'],
    ['ListAccounts', { NextToken: await lastToken(url) }, 'last page'],
    ['ListHandshakesForOrganization', {}],
  ];
  for (const [operation, input, note] of rows) {
    const bytes = await call(url, operation, input);
    const bare = start({ bytes });
    const { url: bareUrl } = await bare.ready;
    await rate(simulator, url, operation, input, 0.5);
    const mine = await rate(simulator, url, operation, input, seconds);
    const plain = await rate(bare, bareUrl, operation, input, seconds);
    bare.stop();
    const name = `${operation}${note ? `, ${note}` : ''} (${bytes.length} bytes)`;
    print(
      `| ${name} | ${mine.perSecond} | ${mine.cpuMicroseconds} µs | ${plain.perSecond} | ${plain.cpuMicroseconds} µs |`,
    );
  }
  print(`Memory at the end: ${mb((await simulator.used()).memory.rss)} MB.`);
  simulator.stop();
  agent.destroy();
}

async function firstHandshake(url) {
  const { Handshakes } = JSON.parse(await call(url, 'ListHandshakesForOrganization', {}));
  return Handshakes[0].Id;
}

async function lastToken(url) {
  for (let token; ; ) {
    const { NextToken } = JSON.parse(await call(url, 'ListAccounts', token ? { NextToken: token } : {}));
    if (!NextToken) return token;
    token = NextToken;
  }
}

const mb = (bytes) => Math.round(bytes / 1_048_576);
const print = (line) =>
  process.stdout.write(`${line}
`);

if (process.send) await serve(JSON.parse(process.argv[2] ?? '{}'));
else await measure(Number(process.argv[2] ?? 3));
