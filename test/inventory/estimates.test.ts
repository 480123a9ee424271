import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Accepted, COPY_MS, type CopiedDemo, startCopiedDemo } from '../support/copied-demo.ts';

let demo: CopiedDemo;
let ids: Readonly<Record<string, string>>;

const COPY: Accepted = { maxAge: 3_600 };
const LIVE: Accepted = { noCache: true };

beforeAll(async () => {
  demo = await startCopiedDemo({ config: { upstream: { cacheMs: 0 }, graph: { maxCalls: 1_000_000 } } });
  const list = '(type: BILLING, first: 1) { nodes { id } }';
  const { data, errors } = await demo.ask(`{ organization {
    inboundResponsibilityTransfers${list} outboundResponsibilityTransfers${list}
    accounts(first: 1) { nodes { id } } root { policyTypes { type } } } }`);
  expect(errors).toBeUndefined();
  const { inboundResponsibilityTransfers: inbound, accounts, root } = data.organization;
  ids = { inbound: inbound.nodes[0].id, account: accounts.nodes[0].id };
  expect(root.policyTypes).not.toContainEqual({ type: DISABLED });
}, COPY_MS);
afterAll(() => demo.close());

const calls = async (document: string, accepted: Accepted) => {
  const { errors, extensions } = await demo.ask(document, accepted);
  expect(errors).toBeUndefined();
  return extensions.upstream.calls as number;
};
const estimated = async (document: string, accepted: Accepted) => {
  const { extensions } = await demo.ask(document, accepted, { 'x-orgql-estimate': 'only' });
  return (extensions.upstream as unknown as { readonly estimate: { readonly calls: number } }).estimate.calls;
};

const DISABLED = 'CHATBOT_POLICY';

const queries: readonly [string, () => string][] = [
  ['a transfer', () => `{ responsibilityTransfer(id: "${ids['inbound']}") { name status } }`],
  ['an unknown transfer', () => '{ responsibilityTransfer(id: "rt-99999999") { name status } }'],
  ...['inbound', 'outbound'].flatMap((direction): [string, () => string][] => {
    const field = `${direction}ResponsibilityTransfers`;
    const list = (args: string) =>
      `{ organization { ${field}(type: BILLING, ${args}) { nodes { name } totalCount } } }`;
    return [
      [`${direction} transfers`, () => list('first: 100')],
      [`an ${direction} transfer by id`, () => list(`first: 100, id: "${ids['inbound']}"`)],
      [
        `an ${direction} transfer by id and status`,
        () => list(`first: 100, id: "${ids['inbound']}", filter: { statuses: [ACCEPTED] }`),
      ],
      [`an ${direction} transfer by an unknown id`, () => list('first: 1, id: "rt-99999999"')],
    ];
  }),
  ...['SERVICE_CONTROL_POLICY', DISABLED].flatMap((type): [string, () => string][] => [
    [
      `all of type ${type}`,
      () => `{ organization { policies(type: ${type}, first: 20) { nodes {
      name content tags { nodes { key } } targets(first: 20) { nodes { target { id name } } } } } } }`,
    ],
    [
      `the attached ones of type ${type}`,
      () => `{ account(id: "${ids['account']}") {
      policies(type: ${type}) { totalCount nodes { name content } } } }`,
    ],
    [
      `those of each unit of type ${type}`,
      () => `{ root { policies(type: ${type}) { nodes { id } }
      organizationalUnits(first: 10) { nodes { policies(type: ${type}) { nodes { id } } } } } }`,
    ],
    [
      `the levels of type ${type}`,
      () => `{ account(id: "${ids['account']}") {
      policyLevels(type: ${type}) { policies { name } } } }`,
    ],
  ]),
];

describe.each(queries)('the estimate of %s', (_what, document) => {
  it.each([
    ['AWS', LIVE],
    ['the copy', COPY],
  ])('is at least the calls that it makes, from %s', async (_from, accepted) => {
    const [made, estimate] = [await calls(document(), accepted), await estimated(document(), accepted)];
    expect(estimate).toBeGreaterThanOrEqual(made);
  });
});
