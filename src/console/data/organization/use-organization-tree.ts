import { useMemo } from 'react';
import { useGatewayStatus } from '../gateway-status.ts';
import type { ListState } from '../lists.ts';
import type { RequestError } from '../request.ts';
import { useList } from '../use-list.ts';
import { useQuery } from '../use-query.ts';
import { type AccountRow, accounts, accountsWithTags, attachments, policies, type UnitRow, units } from './lists.ts';
import { OrganizationFrameDocument, type OrganizationFrameQuery } from './organization.generated.ts';
import { AttachmentIndex, buildTree, type OrganizationTree } from './tree.ts';

/** The root changes seldom. In seconds. */
const FRAME_MAX_AGE = 900;
const NO_VARIABLES = {};

export interface Organization {
  /** Undefined until accounts and units are complete. */
  readonly tree: OrganizationTree | undefined;
  readonly attachments: AttachmentIndex;
  /** Whether policies and their attachments are complete. */
  readonly hasPolicies: boolean;
  readonly frame: OrganizationFrameQuery | undefined;
  readonly managementAccountId: string | undefined;
  readonly hasTags: boolean;
  readonly accounts: ListState<AccountRow>;
  readonly units: ListState<UnitRow>;
  /** The first list of policies that cannot be read, if there is one. */
  readonly policyLists: readonly ListState<unknown>[];
  /** Why the root cannot be read. */
  readonly error: RequestError | undefined;
  readonly reload: () => void;
  /** Ids of accounts and units that have just changed. */
  readonly changed: ReadonlySet<string>;
  readonly changedPolicies: ReadonlySet<string>;
}

/** The organization as a tree, live. */
export function useOrganizationTree(): Organization {
  const { data, errors, reload } = useQuery(OrganizationFrameDocument, NO_VARIABLES, { maxAge: FRAME_MAX_AGE });
  const hasTags = Boolean(useGatewayStatus()?.inventory);
  const accountList = useList(hasTags ? accountsWithTags : accounts);
  const unitList = useList(units);
  const attachmentList = useList(attachments);
  const policyList = useList(policies);
  const root = data?.root;
  const isReady = accountList.isReady && unitList.isReady;
  const tree = useMemo(
    () =>
      root && isReady
        ? buildTree({ root, units: unitList.rows.values(), accounts: accountList.rows.values() })
        : undefined,
    [root, isReady, unitList.rows, accountList.rows],
  );
  const index = useMemo(
    () => new AttachmentIndex(attachmentList.rows.values(), policyList.rows),
    [attachmentList.rows, policyList.rows],
  );
  const changed = useMemo(
    () => new Set([...accountList.changed, ...unitList.changed]),
    [accountList.changed, unitList.changed],
  );
  return {
    tree,
    attachments: index,
    hasPolicies: attachmentList.isReady && policyList.isReady,
    frame: data ?? undefined,
    managementAccountId: data?.organization?.masterAccountId ?? undefined,
    hasTags,
    accounts: accountList,
    units: unitList,
    policyLists: [policyList, attachmentList],
    error: errors[0],
    reload,
    changed,
    changedPolicies: policyList.changed,
  };
}
