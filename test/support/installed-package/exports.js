// Uses every export of the package.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createGateway, createHandler, loadConfig, schema } from 'orgql';
import { watch } from 'orgql/client';
import { evaluateControlPolicies } from 'orgql/control-policies';
import { possibleTypes } from 'orgql/possible-types';
import { startSimulator } from 'orgql/simulator';

const root = new URL('.', import.meta.resolve('orgql/package.json'));
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const sdl = readFileSync(fileURLToPath(import.meta.resolve('orgql/schema.graphql')), 'utf8');

const simulator = await startSimulator();
const settings = {
  port: 0,
  principals: [
    {
      name: 'partner',
      region: 'us-east-1',
      endpoint: simulator.url,
      stsEndpoint: simulator.url,
      credentials: { type: 'static', accessKeyId: '111111111111', secretAccessKey: 'x' },
    },
  ],
  log: { level: 'error' },
};

async function query(url) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query: '{ organization { id } }' }),
  });
  const { data, errors } = await response.json();
  return data ?? errors;
}

const config = await loadConfig({ settings, environment: {} });
const handler = await createHandler(config, { basePath: '/aws' });
const server = createServer(handler).on('upgrade', handler.upgrade).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const embedded = await query(`http://127.0.0.1:${server.address().port}/aws/graphql`);
await handler.dispose();
server.close();

const gateway = await createGateway(config);
const table = watch(
  'subscription ($after: String) { organizationHandshakeChanges(after: $after) { type reset cursor handshake { id } } }',
  { transport: { url: gateway.url } },
);
await table.ready();
const rows = table.status.state;
table.close();
const answer = await query(gateway.url);
await gateway.close();
await simulator.close();

const { decision } = evaluateControlPolicies({
  tree: { id: 'r-k3d9', managementAccount: '111111111111', children: [{ id: '222222222222' }] },
  policies: {
    nothing: {
      type: 'SERVICE_CONTROL_POLICY',
      document: { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } },
    },
  },
  attachments: { 'r-k3d9': ['FullAWSAccess', 'nothing'], 222222222222: ['FullAWSAccess'] },
  request: { account: '222222222222', action: 's3:GetObject', context: {} },
});

process.stdout.write(
  JSON.stringify({
    exports: Object.keys(exports).map((name) => `orgql${name.slice(1)}`),
    embedded,
    gateway: answer,
    rows,
    decision,
    possibleTypes: possibleTypes.Node.includes('Account'),
    schema: schema.getQueryType()?.name === 'Query' && sdl.includes('type Account implements'),
  }),
);
