// The graph in an application of Fastify.
import Fastify from 'fastify';
import { createHandler, loadConfig } from 'orgql';

const orgql = await createHandler(await loadConfig(), { basePath: '/aws' });

const app = Fastify();
app.get('/hello', () => 'Hello from the application\n');
app.register(async (scope) => {
  // orgql reads bodies itself, within its limits.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _body, done) => done(null));
  scope.all('/aws/*', (request, reply) => {
    reply.hijack();
    orgql(request.raw, reply.raw);
  });
});
app.server.on('upgrade', (request, socket, head) => {
  if (!orgql.upgrade(request, socket, head)) socket.destroy();
});

const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
process.stdout.write(`${address}/aws/graphql\n`);

process.once('SIGTERM', async () => {
  await orgql.dispose();
  await app.close();
});
