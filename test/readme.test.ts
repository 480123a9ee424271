import { readFileSync } from 'node:fs';
import { Kind, parse, print, validate } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { configSchema } from '../src/config/index.ts';
import { schema } from '../src/schema/index.ts';
import { examples } from '../src/transport/graphiql/examples.ts';
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

it.each(blocks('graphql'))('GraphiQL has a tab with the operation: %s', (document) => {
  const inTabs = examples(new Date()).flatMap(({ query }) => parse(query).definitions.map(print));
  expect(inTabs).toContain(parse(document).definitions.map(print).join());
});

it('the README gives the variables of every operation that needs some', () => {
  const given = blocks('json').filter((text) => /^{ "\w+(Id|Timestamp)"/.test(text));
  const names = given.map((text) => Object.keys(JSON.parse(text)).sort().join());
  const needed = blocks('graphql').flatMap((document) =>
    parse(document).definitions.map((each) =>
      each.kind === Kind.OPERATION_DEFINITION
        ? (each.variableDefinitions ?? []).filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
        : [],
    ),
  );
  for (const variables of needed.filter(({ length }) => length > 0))
    expect(names).toContain(
      variables
        .map(({ variable }) => variable.name.value)
        .sort()
        .join(),
    );
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
