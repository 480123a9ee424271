import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { startDemo } from '../../support/gateway.ts';

test('the console works where only trusted documents run, and others are still rejected', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'orgql-trusted-'));
  const file = join(folder, 'documents.json');
  await writeFile(file, '{}');
  await using demo = await startDemo({ config: { trustedDocuments: { file, only: true } } });
  await using browser = await launchChromium();
  await using view = await ConsolePage.open(browser, new URL('/transfers', demo.url).href);
  await view.row('Active').nth(1).click();
  await view.page.getByRole('complementary').getByText('Transfer id').waitFor();
  await view.expectNoFailures();
  const { errors } = await demo.query('{ viewer { caller } }');
  expect(errors?.[0]?.extensions?.['code']).toBe('TRUSTED_DOCUMENTS_ONLY');
  await rm(folder, { recursive: true });
});
