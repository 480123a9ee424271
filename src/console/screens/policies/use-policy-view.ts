import { useEffect, useMemo } from 'react';
import { useParam } from '../../data/location.ts';
import type { PolicyRow } from '../../data/organization/lists.ts';
import { POLICY_TYPES } from '../../data/organization/policy-types.ts';
import type { AccountNode, OrganizationTree } from '../../data/organization/tree.ts';
import { type Organization, useOrganizationTree } from '../../data/organization/use-organization-tree.ts';
import { nameOf, typeOf } from './policy.ts';
import { reachOf } from './reach.ts';

/** A policy with how many accounts it has an effect on. */
export interface ReachingPolicy {
  readonly policy: PolicyRow;
  /** Undefined until accounts and attachments are complete. */
  readonly reach: number | undefined;
}

export interface PolicyView {
  readonly organization: Organization;
  readonly type: string;
  readonly types: readonly PolicyTypeTab[];
  /** Of the type, the farthest reaching first. */
  readonly policies: readonly ReachingPolicy[];
  readonly account: AccountNode | undefined;
  /** Whether all lists are complete: only then is it known what a policy is attached to. */
  readonly isComplete: boolean;
}

export interface PolicyTypeTab {
  readonly type: string;
  readonly isEnabled: boolean;
  readonly count: number;
}

/** AWS takes a moment to enable a type, or to disable it. Until then, it is read again after this time, in ms. */
const PENDING_MS = 3_000;

/** What the page shows, from the URL and the live lists. */
export function usePolicyView(): PolicyView {
  const organization = useOrganizationTree();
  const [typeParam] = useParam('type');
  const [policyId] = useParam('policy');
  const [accountId] = useParam('account');
  const { tree, attachments, hasPolicies, frame, managementAccountId, reload } = organization;
  const rows = attachments.policies;

  const types = useMemo(() => {
    const enabled = new Set(
      (frame?.root?.policyTypes ?? [])
        .filter(({ status }) => status !== 'PENDING_DISABLE')
        .map(({ type, typeRaw }) => type ?? typeRaw ?? ''),
    );
    const counts = new Map<string, number>();
    for (const row of rows.values()) counts.set(typeOf(row), (counts.get(typeOf(row)) ?? 0) + 1);
    return [...new Set([...POLICY_TYPES, ...enabled, ...counts.keys()])].map((type) => ({
      type,
      isEnabled: enabled.has(type),
      count: counts.get(type) ?? 0,
    }));
  }, [frame, rows]);

  const isPending = frame?.root?.policyTypes?.some(({ status }) => status?.startsWith('PENDING_')) === true;
  useEffect(() => {
    if (!isPending) return;
    const timer = setInterval(reload, PENDING_MS);
    return () => clearInterval(timer);
  }, [isPending, reload]);

  const linked = rows.get(policyId ?? '');
  const type =
    typeParam ??
    (linked && typeOf(linked)) ??
    types.find(({ isEnabled }) => isEnabled)?.type ??
    'SERVICE_CONTROL_POLICY';
  const policies = useMemo(
    () =>
      [...rows.values()]
        .filter((row) => typeOf(row) === type)
        .map((policy) => ({
          policy,
          reach:
            tree === undefined || !hasPolicies
              ? undefined
              : reachOf(policy.id, type, tree, attachments, managementAccountId),
        }))
        .sort((a, b) => (b.reach ?? 0) - (a.reach ?? 0) || compareNames(a.policy, b.policy)),
    [rows, type, tree, attachments, hasPolicies, managementAccountId],
  );
  const account = tree && accountOf(tree, accountId, managementAccountId);
  return { organization, type, types, policies, account, isComplete: tree !== undefined && hasPolicies };
}

const compareNames = (a: PolicyRow, b: PolicyRow) =>
  Number(b.awsManaged === true) - Number(a.awsManaged === true) || (nameOf(a) < nameOf(b) ? -1 : 1);

/** The account of the URL, else the first that policies can limit. */
function accountOf(tree: OrganizationTree, id: string | undefined, managementId: string | undefined) {
  const node = tree.nodes.get(id ?? '');
  if (node?.kind === 'account') return node;
  return tree.accounts.find((account) => account.id !== managementId) ?? tree.accounts[0];
}
