import { useMemo, useState } from 'react';
import { type GatewayStatus, useGatewayStatus } from '../gateway-status.ts';
import type { ListDefinition, ListState } from '../lists.ts';
import type { RequestError } from '../request.ts';
import { useList } from '../use-list.ts';
import { useQuery } from '../use-query.ts';
import {
  type AccountRow,
  type AccountTagsRow,
  type AttachmentRow,
  accounts,
  accountTags,
  attachments,
  type PolicyRow,
  policies,
  type UnitRow,
  units,
} from './lists.ts';
import {
  KeptOrganizationDocument,
  OrganizationFrameDocument,
  type OrganizationFrameQuery,
} from './organization.generated.ts';
import { AttachmentIndex, buildTree, type OrganizationTree } from './tree.ts';

/** The root changes seldom. In seconds. */
const FRAME_MAX_AGE = 900;
const NO_VARIABLES = {};
const NO_TAGS: ReadonlyMap<string, AccountTagsRow> = new Map();
const NO_ATTACHMENTS: ReadonlyMap<string, AttachmentRow> = new Map();
const NO_POLICIES: ReadonlyMap<string, PolicyRow> = new Map();
/** The copy is shown until the live lists are complete, whatever its age. In seconds. */
const COPY_MAX_AGE = 7 * 86_400;

export interface Organization {
  /** Undefined until accounts and units are complete. */
  readonly tree: OrganizationTree | undefined;
  readonly attachments: AttachmentIndex;
  /** Whether policies and their attachments are complete. */
  readonly hasPolicies: boolean;
  readonly frame: OrganizationFrameQuery | undefined;
  readonly managementAccountId: string | undefined;
  /** Whether the tags of accounts are known: with the copy of the organization, when it is complete. */
  readonly hasTags: boolean;
  /** Whether the gateway keeps a copy of the organization, or is about to. */
  readonly isKept: boolean;
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

/** Lists of the copy of the organization that are complete. Without the copy, the tags of each account take a call. */
function keptLists(status: GatewayStatus | undefined): ReadonlySet<string> {
  const lists = status?.inventory?.lists ?? [];
  return new Set(lists.filter(({ asOf }) => asOf !== null).map(({ name }) => name));
}

/**
 * Accounts and units of the copy of the organization, in one query without a call: a live list of 10,000 accounts takes
 * seconds. Undefined if they are not kept.
 */
function useKeptOrganization(kept: ReadonlySet<string>) {
  // A list that becomes complete later does not matter: then the live lists are, too.
  const [variables] = useState(() =>
    kept.has('accounts') && kept.has('organizationalUnits') ? { withTags: kept.has('tags') } : undefined,
  );
  const { data, isLoading } = useQuery(KeptOrganizationDocument, variables, { maxAge: COPY_MAX_AGE });
  const copy = useMemo(() => {
    const { accounts: accountNodes, organizationalUnits } = data?.organization ?? {};
    if (!accountNodes || !organizationalUnits) return undefined;
    const byId = <Row extends { readonly id: string }>(rows: readonly Row[]) =>
      new Map(rows.map((row) => [row.id, row]));
    const rows = byId(accountNodes.nodes);
    const tagged = new Map<string, AccountTagsRow>();
    for (const { id, tags = null } of rows.values()) tagged.set(id, { id, tags });
    return { accounts: rows, units: byId(organizationalUnits.nodes), tags: variables?.withTags ? tagged : undefined };
  }, [data, variables]);
  return { copy, isReading: variables !== undefined && isLoading && data === null };
}

/** The organization as a tree, live. */
export function useOrganizationTree(): Organization {
  const { data, errors, reload } = useQuery(OrganizationFrameDocument, NO_VARIABLES, { maxAge: FRAME_MAX_AGE });
  const status = useGatewayStatus();
  const kept = keptLists(status);
  const { copy, isReading } = useKeptOrganization(kept);
  // The live lists begin after it: their snapshots would delay it.
  const live = <Row>(list: ListDefinition<Row>) => (isReading ? undefined : list);
  const accountList = useList(live(accounts));
  const tagList = useList(kept.has('tags') ? live(accountTags) : undefined);
  const unitList = useList(live(units));
  const attachmentList = useList(live(attachments));
  const policyList = useList(live(policies));
  const root = data?.root;
  const accountRows = accountList.isReady ? accountList.rows : copy?.accounts;
  const unitRows = unitList.isReady ? unitList.rows : copy?.units;
  const tagRows = tagList.isReady ? tagList.rows : copy?.tags;
  const tree = useMemo(
    () =>
      root && accountRows && unitRows
        ? buildTree({ root, units: unitRows.values(), accounts: accountRows.values(), tags: tagRows ?? NO_TAGS })
        : undefined,
    [root, accountRows, unitRows, tagRows],
  );
  // While rows arrive, an account would seem to lack policies.
  const attachmentRows = attachmentList.isReady ? attachmentList.rows : NO_ATTACHMENTS;
  const policyRows = policyList.isReady ? policyList.rows : NO_POLICIES;
  const index = useMemo(() => new AttachmentIndex(attachmentRows.values(), policyRows), [attachmentRows, policyRows]);
  const changed = useMemo(
    () => new Set([...accountList.changed, ...tagList.changed, ...unitList.changed]),
    [accountList.changed, tagList.changed, unitList.changed],
  );
  return {
    tree,
    attachments: index,
    hasPolicies: attachmentList.isReady && policyList.isReady,
    frame: data ?? undefined,
    managementAccountId: data?.organization?.masterAccountId ?? undefined,
    hasTags: tagRows !== undefined,
    // Without the scope to read the gateway's status it is not known.
    isKept: status?.inventory != null,
    accounts: accountList,
    units: unitList,
    policyLists: [policyList, attachmentList],
    error: errors[0],
    reload,
    changed,
    changedPolicies: policyList.changed,
  };
}
