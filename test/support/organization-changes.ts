import { expect, vi } from 'vitest';
import type { Demo } from './gateway.ts';

const WORLD = `{ organization {
  roots { nodes { id organizationalUnits(first: 4) { nodes { id name } } } }
  accounts(first: 40) { nodes { id name parent { ... on Node { id } } } }
  policies(type: SERVICE_CONTROL_POLICY, first: 10) { nodes { id name } }
} }`;

interface Named {
  readonly id: string;
  readonly name: string;
}

const documentOf = (actions: readonly string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'Leave', Effect: 'Deny', Action: actions, Resource: '*' }],
  });

/** Waits until the copy of the partner's organization is complete: what changes before is not in its history. */
export async function inventoryIsReady(demo: Demo): Promise<void> {
  await vi.waitFor(
    async () => {
      const { data } = await demo.query('{ gatewayStatus { inventory { state } } }');
      expect(data.gatewayStatus.inventory.state).toBe('READY');
    },
    { timeout: 40_000, interval: 100 },
  );
}

/** Makes one change of each kind as the demo's partner. Returns the id of a policy whose text has changed twice. */
export async function changeOrganization(demo: Demo): Promise<string> {
  await inventoryIsReady(demo);
  const { data } = await demo.query(WORLD);
  const { roots, accounts, policies } = data.organization;
  const [security, infrastructure] = roots.nodes[0].organizationalUnits.nodes as readonly Named[];
  const moved = accounts.nodes.find(({ name }: Named) => name === 'Shared DNS');
  const tagged = accounts.nodes.find(({ name }: Named) => name === 'CI Runners');
  const policy = policies.nodes.find(({ name }: Named) => name === 'Deny leaving the organization');
  const content = (actions: readonly string[]) =>
    `policyId: "${policy.id}", content: ${JSON.stringify(documentOf(actions))}`;
  const changes = [
    `createOrganizationalUnit(input: { parentId: "${security?.id}", name: "Juniper Energy" })`,
    `updateOrganizationalUnit(input: { organizationalUnitId: "${infrastructure?.id}", name: "Shared infrastructure" })`,
    `tagResource(input: { resourceId: "${tagged.id}", tags: [{ key: "service-18", value: "off" }] })`,
    `updatePolicy(input: { ${content(['organizations:LeaveOrganization', 'account:CloseAccount'])} })`,
    `attachPolicy(input: { policyId: "${policy.id}", targetId: "${tagged.id}" })`,
    `moveAccount(input: { accountId: "${moved.id}", sourceParentId: "${moved.parent.id}", destinationParentId: "${infrastructure?.id}" })`,
    `inviteAccountToOrganization(input: { target: { id: "222222222222", type: ACCOUNT } })`,
    `updatePolicy(input: { ${content(['organizations:LeaveOrganization', 'account:CloseAccount', 'account:PutContactInformation'])} })`,
  ];
  for (const change of changes) {
    const { data: result } = await demo.query(`mutation { change: ${change} { __typename ... on Error { message } } }`);
    if (result?.change?.message !== undefined) throw new Error(`${change}: ${result.change.message}`);
  }
  return policy.id;
}
