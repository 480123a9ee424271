import { readFileSync } from 'node:fs';
import { getOperationAST, Kind, parse, print, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { configSchema } from '../src/config/index.ts';
import { schema } from '../src/schema/index.ts';
import { examples } from '../src/transport/graphiql/examples.ts';
import { type Demo, startDemo } from './support/gateway.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

interface Block {
  readonly language: string;
  readonly text: string;
  /** The paragraphs between the last heading or block and this one. */
  readonly before: string;
}

const blocks: readonly Block[] = [...readme.matchAll(/([\s\S]*?)^```(\w+)\n([\s\S]*?)^```/gm)].map(
  ([, before = '', language = '', text = '']) => ({ language, text, before: before.replace(/[\s\S]*^#/m, '') }),
);
const textsIn = (language: string) => blocks.filter((each) => each.language === language).map(({ text }) => text);

/** An operation of the page with the blocks that follow it. */
interface Example {
  readonly document: string;
  readonly principal: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly result: unknown;
  readonly events: readonly unknown[];
}

const pageExamples: readonly Example[] = blocks.flatMap(({ language, text, before }, at) => {
  if (language !== 'graphql') return [];
  const next = blocks.findIndex((each, index) => index > at && !['json', 'jsonl'].includes(each.language));
  const following = blocks.slice(at + 1, next);
  const objects = following.filter((each) => each.language === 'json').map((each) => JSON.parse(each.text));
  return [
    {
      document: text,
      principal: /as the principal `(\w+)`:/.exec(before)?.[1],
      variables: objects.find((each) => !('data' in each)) ?? {},
      result: objects.find((each) => 'data' in each),
      events: following
        .filter((each) => each.language === 'jsonl')
        .flatMap((each) => each.text.trim().split('\n'))
        .map((line) => JSON.parse(line)),
    },
  ];
});
const exampleOf = (name: string) => {
  const found = pageExamples.find(({ document }) => getOperationAST(parse(document))?.name?.value === name);
  if (!found) throw new Error(`README.md has no operation ${name}`);
  return found;
};

/** Replaces what differs from run to run: cursors, generated ids and timestamps. */
const withoutVolatileValues = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (key, each) =>
      /cursor$|timestamp$/i.test(key) || (typeof each === 'string' && /^(h|rt)-/.test(each)) ? `any ${key}` : each,
    ),
  );

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.close());

describe.each(pageExamples.map((each) => [getOperationAST(parse(each.document))?.name?.value, each] as const))(
  'the example %s',
  (_, { document, variables }) => {
    it('is an operation of the graph', () => {
      expect(validate(schema, parse(document))).toEqual([]);
    });

    it('has a tab in GraphiQL', () => {
      const inTabs = examples(new Date()).flatMap(({ query }) => parse(query).definitions.map(print));
      expect(inTabs).toContain(parse(document).definitions.map(print).join());
    });

    it('comes with the variables that it requires', () => {
      const required = (getOperationAST(parse(document))?.variableDefinitions ?? [])
        .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
        .map(({ variable }) => variable.name.value);
      expect(Object.keys(variables).sort()).toEqual(required.sort());
    });
  },
);

it('the curl command of the quickstart prints the result that follows it', async () => {
  const [body] = textsIn('sh').flatMap((text) => /^curl -s \S+\/graphql --json '(.*)'$/m.exec(text)?.[1] ?? []);
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: body ?? '',
  });
  expect(await response.json()).toEqual(JSON.parse(textsIn('json')[0] ?? ''));
});

it('the queries have the results that follow them', async () => {
  await using fresh = await startDemo();
  const { document, result } = exampleOf('Accounts');
  expect(withoutVolatileValues(await fresh.query(document))).toEqual(withoutVolatileValues(result));
  const tree = await fresh.query(exampleOf('Tree').document);
  expect(tree.errors).toBeUndefined();
  expect(tree.data.organization.root.organizationalUnits.nodes.length).toBeGreaterThan(1);
});

it('an account can be invited, can accept, and is watched meanwhile, as the page says', async () => {
  const invite = exampleOf('InviteAccount');
  const invited = await demo.query(invite.document, invite.variables);
  expect(withoutVolatileValues(invited)).toEqual(withoutVolatileValues(invite.result));
  const handshakeId: string = invited.data.inviteAccountToOrganization.handshake.id;

  const watch = exampleOf('InvitationChanges');
  expect(watch.variables['handshakeId']).toBe(exampleOf('AcceptInvitation').variables['handshakeId']);
  const events = demo.subscribe(watch.document, { handshakeId });
  const received: unknown[] = [];
  for (let count = 0; count < 2; count += 1) received.push((await events.event()).data.handshakeChanges);

  const accept = exampleOf('AcceptInvitation');
  expect(accept.principal).toBe('standalone');
  const asRecipient = { principal: 'standalone' };
  const accepted = await demo.query(accept.document, { handshakeId }, asRecipient);
  expect(accepted.data.acceptHandshake.handshake).toEqual({ id: handshakeId, state: 'ACCEPTED' });
  for await (const { data } of events) received.push(data.handshakeChanges);
  expect(received).toEqual(watch.events);

  const again = await demo.query(accept.document, { handshakeId }, asRecipient);
  expect(readme).toContain(`you receive \`${again.data.acceptHandshake.code}\``);
});

it('a billing transfer can be invited as the page says', async () => {
  const { document, variables } = exampleOf('InviteToTransferBilling');
  expect(variables['startTimestamp']).toMatch(/^\d{4}-\d\d-01T00:00:00Z$/);
  const now = new Date();
  const startTimestamp = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2)).toISOString();
  const { data } = await demo.query(document, { ...variables, startTimestamp });
  const { handshake } = data.inviteOrganizationToTransferResponsibility;
  expect(handshake).toMatchObject({ state: 'REQUESTED', responsibilityTransfer: { status: 'REQUESTED' } });
});

it('the configuration of the README is valid', () => {
  const [text = ''] = textsIn('yaml');
  expect(configSchema.safeParse(parseYaml(text)).error).toBeUndefined();
});

it('the README shows every command, and has at most 250 lines', () => {
  for (const command of ['demo', 'serve', 'simulate', 'policies', 'query', 'watch', 'mcp', 'health', 'schema'])
    expect(readme).toContain(`orgql ${command}`);
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(250);
});

it('a command that needs the published package stands where the page says how to build it', () => {
  const paragraphs = readme.split('\n\n').filter((each) => each.includes('npx orgql'));
  expect(paragraphs).toHaveLength(1);
  expect(paragraphs[0]).toContain('npm pack');
});
