import { expect, it } from 'vitest';
import { startDemo } from '../support/gateway.ts';

it('a mutation with an undeclared failure keeps the results of those before it', async () => {
  await using demo = await startDemo();
  const { root } = (await demo.query('{ root { id } }')).data;
  demo.simulator.control.failNext('DeletePolicy', { kind: 'reset', when: 'after' });
  const document = /* GraphQL */ `
    mutation ($parentId: ID!) {
      first: createOrganizationalUnit(input: { name: "new", parentId: $parentId }) {
        __typename
        ... on CreateOrganizationalUnitPayload { organizationalUnit { name } }
      }
      second: deletePolicy(input: { policyId: "p-12345678" }) { __typename }
    }
  `;
  const { data, errors } = await demo.query(document, { parentId: root.id });
  expect(data.first).toEqual({
    __typename: 'CreateOrganizationalUnitPayload',
    organizationalUnit: { name: 'new' },
  });
  expect(data.second).toBeNull();
  expect(errors).toMatchObject([{ path: ['second'], extensions: { operation: 'DeletePolicy' } }]);
});
