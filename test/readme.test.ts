import { readFileSync } from 'node:fs';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { configSchema } from '../src/config.ts';
import { schema } from '../src/schema/index.ts';
import { type Demo, startDemo } from './support/gateway.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** What stands in the README between ```language and ```. */
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text ?? '');

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.close());

it.each(blocks('graphql'))('an operation of the README is one of the graph: %s', (document) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

it('the first example answers as the README says, to the letter but for the cursor', async () => {
  const [document = ''] = blocks('graphql');
  const [printed = ''] = blocks('json');
  const anyCursor = (text: string) => JSON.parse(text.replace(/"endCursor": ?"[^"]+"/, '"endCursor":"…"'));
  const answer = await demo.query(document);
  expect(anyCursor(JSON.stringify(answer))).toEqual(anyCursor(printed));
});

it('the configuration of the README is a valid one', () => {
  const [text = ''] = blocks('yaml');
  expect(configSchema.safeParse(parseYaml(text)).error).toBeUndefined();
});

it('the README shows every command', () => {
  for (const command of ['demo', 'serve', 'simulate', 'schema']) expect(readme).toContain(`orgql ${command}`);
});
