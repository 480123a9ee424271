import { afterEach, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
afterEach(() => demo.close());

const tagCalls = () => demo.simulator.control.requestCount('ListTagsForResource');
const connection = '{ totalCount edges { cursor } nodes { key value } pageInfo { hasNextPage endCursor } }';

// ListTagsForResource answers InvalidInputException for AWS's own policies.
it('answers the tags of policies of AWS without a call, in lists and by id', async () => {
  demo = await startDemo();
  const { data, errors } = await demo.query(
    `{ organization { policies(type: RESOURCE_CONTROL_POLICY) { nodes { id awsManaged tags ${connection} } } }
       full: node(id: "p-FullAWSAccess") { ... on Taggable { tags ${connection} } }
       rcp: policy(id: "p-RCPFullAWSAccess") { tags(first: 3) ${connection} } }`,
  );
  expect(errors).toBeUndefined();
  const none = { totalCount: 0, edges: [], nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
  const { nodes } = data.organization.policies;
  const managed = nodes.filter(({ awsManaged }: { awsManaged: boolean }) => awsManaged);
  expect(managed).toEqual([{ id: 'p-RCPFullAWSAccess', awsManaged: true, tags: none }]);
  expect([data.full.tags, data.rcp.tags]).toEqual([none, none]);
  expect(tagCalls()).toBe(nodes.length - managed.length);
});

it('refuses a wrong page of the tags of a policy of AWS as of any other list', async () => {
  demo = await startDemo();
  const { errors } = await demo.query('{ policy(id: "p-FullAWSAccess") { tags(first: 0) { totalCount } } }');
  expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  expect(tagCalls()).toBe(0);
});
