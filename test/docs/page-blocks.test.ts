import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { configSchema } from '../../src/config/index.ts';
import { schema } from '../../src/schema/index.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

const root = join(import.meta.dirname, '../..');
const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

/** Code blocks of all pages: [page, text]. */
const blocksIn = (language: string) =>
  pages.flatMap((page) =>
    [
      ...readFileSync(join(root, page), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')),
    ].map(([, text = '']) => [page, text] as const),
  );

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ config: { graph: { maxCalls: 100_000 } } });
});
afterAll(() => demo.close());

/** A curl command whose result follows it: [page, command, result]. */
const curlExamples = pages.flatMap((page) =>
  [
    ...readFileSync(join(root, page), 'utf8').matchAll(
      /^```sh\n(curl -s http:\/\/127\.0\.0\.1:4000\/graphql(?:(?!^```)[\s\S])*?)^```\n\n```json\n([\s\S]*?)^```/gm,
    ),
  ].map(([, command = '', result = '']) => [page, command, result] as const),
);

test('two pages show the result of a curl command', () => {
  expect(curlExamples.map(([page]) => page).sort()).toEqual(['docs/cost.md', 'docs/start.md']);
});

test.each(curlExamples)(
  '%s: the result of a curl command is the one that follows it: %s',
  async (_, command, result) => {
    const headers = [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    const body = /-d '([^']+)'/.exec(command)?.[1] ?? '';
    const response = await fetch(demo.url, { method: 'POST', headers: Object.fromEntries(headers), body });
    expect(await response.json()).toEqual(JSON.parse(result));
  },
);

test('docs/cost.md has the error of an operation that is too expensive', async () => {
  await using limited = await startDemo({ config: { graph: { maxCalls: 50 } } });
  const page = readFileSync(join(root, 'docs/cost.md'), 'utf8');
  const [, body = ''] = /-d '([^']+)'/.exec(page) ?? [];
  const [, printed = ''] = /^```json\n(\{\n {2}"message"[\s\S]*?)^```/m.exec(page) ?? [];
  const { errors } = await limited.query(JSON.parse(body).query);
  expect(errors).toEqual([JSON.parse(printed)]);
});

test.each(blocksIn('graphql'))('%s: an operation is valid: %s', (_, document) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

test.each(blocksIn('yaml').filter(([, text]) => text.startsWith('# orgql.yaml')))(
  '%s: a configuration is valid: %s',
  (_, text) => {
    expect(configSchema.safeParse(parseYaml(text)).error).toBeUndefined();
  },
);

test.each(['README.md', ...pages])('%s: lines of text have at most 160 characters', (page) => {
  const isProse = (line: string) => !/^\s*\||^<!--/.test(line);
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  expect(text.split('\n').filter((line) => line.length > 160 && isProse(line))).toEqual([]);
});
