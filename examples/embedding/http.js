// The graph in a server of node:http.
import { createServer } from 'node:http';
import { createHandler, loadConfig } from 'orgql';

const orgql = await createHandler(await loadConfig(), { basePath: '/aws' });

const server = createServer((request, response) => {
  if (request.url === '/hello') response.end('Hello from the application\n');
  else orgql(request, response);
});
server.on('upgrade', (request, socket, head) => {
  if (!orgql.upgrade(request, socket, head)) socket.destroy();
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}/aws/graphql\n`);
});

process.once('SIGTERM', async () => {
  await orgql.dispose();
  server.close();
});
