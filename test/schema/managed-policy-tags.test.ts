import { afterEach, expect, it } from 'vitest';
import type { WorldFile } from '../../src/simulator/worlds/world-file-schema.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
afterEach(() => demo.close());

const tagCalls = () => demo.simulator.control.requestCount('ListTagsForResource');
const connection = '{ totalCount edges { cursor } nodes { key value } pageInfo { hasNextPage endCursor } }';

// ListTagsForResource answers InvalidInputException for AWS's own policies.
it('returns the tags of AWS’s policies without a call, in lists and by id', async () => {
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

it('rejects an invalid page of the tags of an AWS policy as of any list', async () => {
  demo = await startDemo();
  const { errors } = await demo.query('{ policy(id: "p-FullAWSAccess") { tags(first: 0) { totalCount } } }');
  expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  expect(tagCalls()).toBe(0);
});

// The API model's pattern allows large letters: https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html
it('reads the tags of a customer’s policy whose id has capital letters', async () => {
  const id = 'p-Customer01';
  demo = await startDemo({ simulator: { seed: worldWith(id) } });
  const { data, errors } = await demo.query(
    `{ policy(id: "${id}") { tags { nodes { key value } } }
       organization { policies(type: SERVICE_CONTROL_POLICY) { nodes { id tags { nodes { key value } } } } } }`,
  );
  expect(errors).toBeUndefined();
  const tags = { nodes: [{ key: 'team', value: 'platform' }] };
  expect(data.policy.tags).toEqual(tags);
  expect(data.organization.policies.nodes).toContainEqual({ id, tags });
});

const worldWith = (id: string): WorldFile => ({
  version: 1,
  accounts: [{ id: '111111111111', name: 'Payer', email: 'payer@example.com' }],
  organizations: [
    {
      id: 'o-smallworld0',
      managementAccountId: '111111111111',
      featureSet: 'ALL',
      root: { id: 'r-smal' },
      organizationalUnits: [],
      members: [],
      policies: [
        {
          id,
          type: 'SERVICE_CONTROL_POLICY',
          name: 'Mine',
          content: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] },
          tags: { team: 'platform' },
        },
      ],
    },
  ],
});
