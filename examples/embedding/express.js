// The graph in an application of Express.
import express from 'express';
import { createHandler, loadConfig } from 'orgql';

const orgql = await createHandler(await loadConfig(), { basePath: '/aws' });

const app = express();
// Before body parsers: orgql reads bodies itself, within its limits.
app.use(orgql);
app.use(express.json());
app.get('/hello', (_request, response) => response.send('Hello from the application\n'));

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}/aws/graphql\n`);
});
server.on('upgrade', (request, socket, head) => {
  if (!orgql.upgrade(request, socket, head)) socket.destroy();
});

process.once('SIGTERM', async () => {
  await orgql.dispose();
  server.close();
});
