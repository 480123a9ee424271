import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startDemo } from '../support/gateway.ts';
import { secret } from '../support/webhook-receiver.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/notifications.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'orgql-receivers-'));
let child: ChildProcess | undefined;

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  child?.kill('SIGKILL');
  if (child?.exitCode === null) await once(child, 'exit');
  child = undefined;
});

const run = async (command: string, ...args: string[]) => {
  const started = spawn(command, args, { cwd: folder, stdio: 'inherit', env: { ...process.env, GO111MODULE: 'off' } });
  const [code] = await once(started, 'exit');
  expect(code).toBe(0);
};

const receivers = [
  { language: 'js', file: 'receiver.mjs', command: [process.execPath, 'receiver.mjs'] },
  { language: 'python', file: 'receiver.py', command: ['python3', 'receiver.py'] },
  { language: 'go', file: 'receiver.go', command: [join(folder, 'receiver')] },
] as const;

it.each(receivers)(
  'the $language receiver in docs/notifications.md accepts signed events, and no others',
  async ({ language, file, command: [program, ...args] }) => {
    const [, code = ''] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
    writeFileSync(join(folder, file), code);
    if (language === 'js') symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    if (language === 'go') await run('go', 'build', '-o', 'receiver', 'receiver.go');

    const port = await freePort();
    const env = { PATH: process.env['PATH'], WEBHOOK_SECRET: secret, PORT: String(port) };
    child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] });
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const url = `http://127.0.0.1:${port}/`;
    const post = async (body: string, headers: Record<string, string> = {}) =>
      (await fetch(url, { method: 'POST', body, headers }).catch(() => undefined))?.status;
    await expect.poll(() => post('{}'), { timeout: 15_000 }).toBe(400);

    await using demo = await startDemo({
      config: {
        notifications: [
          {
            name: 'desk',
            principal: 'partner',
            events: ['handshake'],
            webhook: { url, secret, allowHttp: true, allowPrivateAddresses: true },
          },
        ],
      },
    });
    const status = async () => {
      const { data } = await demo.query(
        '{ gatewayStatus { pollers { lastReadAt subscribers } notifications { sent } } }',
      );
      return data.gatewayStatus;
    };
    await expect
      .poll(async () => (await status()).pollers.filter(({ lastReadAt }: { lastReadAt: unknown }) => lastReadAt).length)
      .toBe(2);
    const { data } = await demo.query(/* GraphQL */ `
      mutation {
        inviteAccountToOrganization(input: { target: { id: "new@example.com", type: EMAIL } }) {
          ... on InviteAccountToOrganizationPayload { handshake { id } }
        }
      }
    `);
    const { id } = data.inviteAccountToOrganization.handshake;
    await expect.poll(() => printed, { timeout: 15_000 }).toBe(`dev.orgql.handshake.added.v1 ${id}\n`);
    await expect.poll(async () => (await status()).notifications[0].sent).toBe(1);

    const body = JSON.stringify({ type: 'forged', subject: 'h-1' });
    const signed = (at: Date, text = body, key = secret) => ({
      'webhook-id': 'e:1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(key).sign('e:1', at, text),
    });
    const now = new Date();
    const other = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
    expect(await post(body, signed(new Date(now.getTime() - 400_000)))).toBe(400);
    expect(await post(body, signed(new Date(now.getTime() + 400_000)))).toBe(400);
    expect(await post(body, signed(now, `${body} `))).toBe(400);
    expect(await post(body, signed(now, body, other))).toBe(400);
    expect(await post(body, { ...signed(now), 'webhook-id': 'e:2' })).toBe(400);
    expect(await post(body, { ...signed(now), 'webhook-timestamp': 'now' })).toBe(400);
    expect(printed).not.toContain('forged');
    // One of several signatures is enough: secrets are rotated so.
    const both = `v1,${Buffer.alloc(32).toString('base64')} ${signed(now)['webhook-signature']}`;
    expect(await post(body, { ...signed(now), 'webhook-signature': both })).toBe(204);
    await expect.poll(() => printed).toContain('forged h-1');
  },
);
