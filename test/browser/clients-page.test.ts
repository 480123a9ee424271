import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { expect, onTestFinished, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startDemo } from '../support/gateway.ts';
import { inviteAccount } from '../support/invite.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');
const [, document = ''] = /^(const document = `[\s\S]*?`;)$/m.exec(page) ?? [];
const [, component = ''] = /^```jsx\n([\s\S]*?)^```/m.exec(page) ?? [];

test('the React component of docs/clients.md shows every invitation and each new one', async () => {
  // Where Vite finds React.
  const folder = mkdtempSync(join(root, 'node_modules', '.clients-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.html'), '<div id="root"></div><script type="module" src="/main.jsx"></script>');
  const imports = component.match(/^import .*\n/gm)?.join('') ?? '';
  const render = `import { createRoot } from 'react-dom/client';\ncreateRoot(window.document.getElementById('root')).render(<Invitations />);`;
  writeFileSync(join(folder, 'main.jsx'), `${imports}${document}\n${component.replace(imports, '')}\n${render}`);
  await using demo = await startDemo();
  const origin = new URL(demo.url).origin;
  const proxy = { '/graphql': { target: origin, ws: true, changeOrigin: true, headers: { origin } } };
  const options = {
    root: folder,
    logLevel: 'error',
    resolve: { alias: { 'orgql/client': join(root, 'src/client/index.ts') } },
    preview: { host: '127.0.0.1', port: 0, proxy },
  } as const;
  await build(options);
  const site = await preview(options);
  onTestFinished(() => site.close());
  await using browser = await launchChromium();
  const tab = await browser.newPage();
  const failures: string[] = [];
  tab.on('pageerror', (error) => failures.push(error.message));
  await tab.goto(site.resolvedUrls?.local[0] ?? '');
  await tab.locator('li').first().waitFor();
  const count = await tab.locator('li').count();
  expect(count).toBeGreaterThan(10);
  const id = await inviteAccount(demo, '333333333333');
  await tab.getByText(`${id}: OPEN`).waitFor();
  expect(await tab.locator('li').count()).toBe(count + 1);
  expect(failures).toEqual([]);
});
