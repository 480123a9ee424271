// Runs the commands that serve, and those that call a server.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const command = process.argv[2];
const env = { ...process.env, ORGQL_PORT: '0' };
const demo = spawn(process.execPath, [command, 'demo'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
const [line] = await once(demo.stdout.setEncoding('utf8'), 'data');
const url = line.trim().replace(/^.* at /, '');
const { origin, port } = new URL(url);

writeFileSync('query.graphql', '{ organization { id } }');
writeFileSync(
  'watch.graphql',
  'subscription ($after: String) { organizationHandshakeChanges(after: $after) { type cursor } }',
);
const orgql = (...args) => promisify(execFile)(process.execPath, [command, ...args]);

const { stdout: answer } = await orgql('query', 'query.graphql', '--url', url);
const watching = spawn(process.execPath, [command, 'watch', 'watch.graphql', '--url', url], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [events] = await once(watching.stdout.setEncoding('utf8'), 'data');
watching.kill();
await orgql('health', '--port', port);

const pages = [];
const files = [];
for (const [path, accept] of [
  ['/', '*/*'],
  ['/graphql', 'text/html'],
]) {
  const page = await fetch(new URL(path, origin), { headers: { accept } });
  const html = await page.text();
  pages.push(/<title>.*<\/title>/.exec(html)?.[0]);
  const [, file] = /<script[^>]* src="([^"]+)"/.exec(html);
  files.push((await fetch(new URL(file, page.url))).status);
}

demo.kill('SIGTERM');
const [exitCode] = await once(demo, 'exit');
process.stdout.write(
  JSON.stringify({
    query: JSON.parse(answer),
    event: /SNAPSHOT|BOOKMARK/.exec(events)?.[0],
    pages,
    files,
    exitCode,
  }),
);
