// The graph in an application of Hono on Node.
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { createHandler, loadConfig } from 'orgql';

const orgql = await createHandler(await loadConfig(), { basePath: '/aws' });

const app = new Hono();
app.get('/hello', (context) => context.text('Hello from the application\n'));
app.all('/aws/*', (context) => orgql.fetch(context.req.raw, { remoteAddress: getConnInfo(context).remote.address }));

const options = { fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' };
const server = serve(options, ({ port }) => {
  process.stdout.write(`http://127.0.0.1:${port}/aws/graphql\n`);
});
server.on('upgrade', (request, socket, head) => {
  if (!orgql.upgrade(request, socket, head)) socket.destroy();
});

process.once('SIGTERM', async () => {
  await orgql.dispose();
  server.close();
});
