import { expect, it } from 'vitest';
import { describeMutations, planMutations } from '../../src/mcp/describe-mutation.ts';
import { readDocuments } from '../../src/mcp/read-documents.ts';
import { schema } from '../../src/schema/index.ts';
import { folderOf } from '../support/mcp.ts';

async function linesOf(query: string, variables: Readonly<Record<string, unknown>>) {
  const [document] = await readDocuments(folderOf({ 'a.graphql': query }), schema);
  if (document === undefined) throw new Error('no document');
  const lines = describeMutations(planMutations(schema, document, variables), []).split('\n');
  return lines.map((line) => (line.startsWith('  ') ? line : line.replace(/:.*/, '')));
}

const ID = '111111111111';
const INVITE = `mutation A($id: ID!, $notes: String, $tags: [TagInput!]) {
  inviteAccountToOrganization(input: { target: { id: $id, type: ACCOUNT }, notes: $notes, tags: $tags }) { __typename }
}`;
const invited = ['inviteAccountToOrganization', `  input.target.id: "${ID}"`, '  input.target.type: "ACCOUNT"'];
const CLOSE = 'closeAccount(input: { accountId: $id }) { __typename }';
const closed = ['closeAccount', `  input.accountId: "${ID}"`];

it.for([
  [
    'all variables',
    INVITE,
    { id: ID, notes: 'x', tags: [{ key: 'a', value: '' }] },
    [...invited, '  input.notes: "x"', '  input.tags.0.key: "a"', '  input.tags.0.value: ""'],
  ],
  ['omitted optional variables', INVITE, { id: ID }, invited],
  ['null', INVITE, { id: ID, notes: null }, [...invited, '  input.notes: null']],
  ['an empty list', INVITE, { id: ID, tags: [] }, [...invited, '  input.tags: []']],
  [
    'an omitted variable in a list',
    'mutation A($id: ID!, $tag: String! = "b") { untagResource(input: { resourceId: $id, tagKeys: ["a", $tag] }) { __typename } }',
    { id: ID },
    ['untagResource', `  input.resourceId: "${ID}"`, '  input.tagKeys.0: "a"', '  input.tagKeys.1: "b"'],
  ],
  ['a mutation without arguments', 'mutation A { leaveOrganization { __typename } }', {}, ['leaveOrganization']],
  ['a default', `mutation A($id: ID! = "${ID}") { ${CLOSE} }`, {}, closed],
  ['a value instead of a default', `mutation A($id: ID! = "222222222222") { ${CLOSE} }`, { id: ID }, closed],
  [
    'an omitted variable called as a member of every object',
    `mutation A($id: ID!, $constructor: String) {
      inviteAccountToOrganization(input: { target: { id: $id, type: ACCOUNT }, notes: $constructor }) { __typename }
    }`,
    { id: ID },
    invited,
  ],
  [
    'a fragment',
    `mutation A($id: ID!) { ...F ... on Mutation { __typename } } fragment F on Mutation { ${CLOSE} }`,
    { id: ID },
    closed,
  ],
  ['an alias', `mutation A($id: ID!) { one: ${CLOSE} two: ${CLOSE} }`, { id: ID }, [...closed, ...closed]],
  [
    '@skip',
    `mutation A($id: ID!, $not: Boolean!) { closeAccount(input: { accountId: $id }) @skip(if: $not) { __typename } leaveOrganization @skip(if: false) { __typename } }`,
    { id: ID, not: true },
    ['leaveOrganization'],
  ],
  [
    '@include',
    `mutation A($id: ID!, $also: Boolean = false) { ...F @include(if: $also) leaveOrganization { __typename } } fragment F on Mutation { ${CLOSE} }`,
    { id: ID },
    ['leaveOrganization'],
  ],
  [
    '@include with a value',
    `mutation A($id: ID!, $also: Boolean = false) { ...F @include(if: $also) } fragment F on Mutation { ${CLOSE} }`,
    { id: ID, also: true },
    closed,
  ],
] as const)('a preview shows %s', async ([, query, variables, lines]) => {
  expect(await linesOf(query, variables)).toEqual(lines);
});
