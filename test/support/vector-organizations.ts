import { readFileSync } from 'node:fs';
import type {
  AccessRequest,
  DenialReason,
  OrganizationInput,
  OrganizationNode,
} from '../../src/control-policies/index.ts';
import type { SimulatorOptions } from '../../src/simulator/index.ts';

/** Scenarios after the pages of AWS's documentation that `source` names, state of autumn 2026. */
export interface Vector extends OrganizationInput {
  readonly name: string;
  readonly topic: string;
  readonly source: string;
  readonly request: AccessRequest;
  readonly decision: string;
  readonly because?: DenialReason;
  readonly missingContextKeys?: readonly string[];
}

export const { vectors }: { vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('../control-policies/vectors.json', import.meta.url), 'utf8'),
);

const managed: Readonly<Record<string, string>> = {
  FullAWSAccess: 'p-FullAWSAccess',
  RCPFullAWSAccess: 'p-RCPFullAWSAccess',
};

/** The id of a vector's policy in AWS's form. */
const policyId = (name: string) => managed[name] ?? `p-${name.replaceAll(/\W/g, '_').padEnd(8, '_')}`;

/** The same vectors with account ids and organizations of their own, so that one world can have them all. */
export function separateVectors(): readonly Vector[] {
  return vectors.map((vector, index) => {
    const ids = new Map<string, string>();
    const text = JSON.stringify(vector)
      .replaceAll(/(?<!\d)\d{12}(?!\d)/g, (id) => {
        const own = ids.get(id) ?? String(300_000_000_000 + index * 100 + ids.size);
        ids.set(id, own);
        return own;
      })
      .replaceAll('o-k3d9exampl', organizationId(index));
    return JSON.parse(text);
  });
}

export const organizationId = (index: number) => `o-vector${String(index).padStart(4, '0')}`;

type World = Extract<SimulatorOptions['seed'], { readonly version: 1 }>;

/** A world with an organization for each vector. */
export function worldOf(separated: readonly Vector[]): World {
  const organizations = separated.map((vector, index) => {
    const { tree, policies, attachments, enabledPolicyTypes } = vector;
    const nodes = descendantsOf(tree);
    const isAccount = ({ id }: OrganizationNode) => /^\d/.test(id);
    return {
      id: organizationId(index),
      managementAccountId: tree.managementAccount,
      root: {
        id: tree.id,
        policyTypes: (enabledPolicyTypes ?? ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']).map((type) => ({
          type,
        })),
      },
      organizationalUnits: nodes
        .filter(({ node }) => !isAccount(node))
        .map(({ node: { id }, parentId }) => ({ id, name: id, parentId })),
      members: nodes
        .filter(({ node }) => isAccount(node))
        .map(({ node: { id: accountId }, parentId }) => ({ accountId, parentId })),
      policies: Object.entries(policies).map(([name, { type, document }]) => ({
        id: policyId(name),
        type,
        name,
        content: typeof document === 'string' ? document : JSON.stringify(document),
      })),
      attachments: Object.entries(attachments).flatMap(([targetId, names]) =>
        names.map((name) => ({ policyId: policyId(name), targetId })),
      ),
    };
  });
  const accounts = organizations.flatMap(({ members }) =>
    members.map(({ accountId: id }) => ({ id, name: `account ${id}`, email: `${id}@example.com` })),
  );
  return { version: 1, accounts, organizations } as World;
}

function descendantsOf({ id: parentId, children = [] }: OrganizationNode): {
  readonly node: OrganizationNode;
  readonly parentId: string;
}[] {
  return children.flatMap((node) => [{ node, parentId }, ...descendantsOf(node)]);
}
