import { readAdministrators } from './kept-delegations.ts';
import { keptKinds, type SweptListName } from './kept-kinds.ts';
import { withKnownPaths } from './kept-paths.ts';
import {
  readAccount,
  readAccounts,
  readAccountsBelow,
  readContent,
  readEnabledServices,
  readOrganization,
  readPolicies,
  readPoliciesOf,
  readPolicy,
  readResourcePolicy,
  readRoots,
  readTags,
  readTargets,
  readUnit,
  readUnitsBelow,
} from './kept-reads.ts';
import type { KeptObjects } from './kept-types.ts';
import {
  enabledPolicyTypes,
  hasNoOrganization,
  isGone,
  isPolicyType,
  listOfResource,
  organizationOf,
} from './known-lists.ts';
import type { KnownLists, Sweep } from './sweep-types.ts';

type Sweeps = { readonly [L in SweptListName]: Sweep<KeptObjects[L]> };

const sweepOf = <L extends SweptListName>(list: L, sweep: Omit<Sweeps[L], 'list' | 'kind'>) => ({
  list,
  kind: keptKinds[list],
  ...sweep,
});

/** With consolidated billing only, AWS refuses reads of what needs all features. */
const hasAllFeatures = (lists: KnownLists): boolean => {
  const organization = organizationOf(lists);
  return organization !== undefined && organization.FeatureSet !== 'CONSOLIDATED_BILLING';
};

/** How deep units are below a root at most. AWS does not raise this quota. */
const UNIT_LEVELS = 5;

/** The roots, then the known units level by level. `levels`: of how many levels, the roots included. */
function* parentsOf(lists: KnownLists, levels: number): Generator<string> {
  const unitsByParent = new Map<string, string[]>();
  for (const [id, { object }] of lists.objects('organizationalUnits')) {
    const siblings = unitsByParent.get(object.ParentId);
    if (siblings === undefined) unitsByParent.set(object.ParentId, [id]);
    else siblings.push(id);
  }
  let level = [...lists.objects('roots').keys()];
  for (let depth = 0; depth < levels && level.length > 0; depth += 1) {
    yield* level;
    const next = level.flatMap((id) => unitsByParent.get(id) ?? []);
    // Each unit once, although replies may contradict each other.
    for (const id of level) unitsByParent.delete(id);
    level = next;
  }
}

/**
 * Whether the parents of accounts have to be read with `ListAccountsForParent`. AWS's replies show them since March
 * 2026; those of emulators may not, neither of accounts nor of units.
 */
const lackPaths = (lists: KnownLists): boolean => {
  for (const { object } of lists.objects('organizationalUnits').values()) if (object.Path === undefined) return true;
  for (const { object } of lists.objects('accounts').values()) if (object.Paths === undefined) return true;
  return false;
};

/** Policies that customers manage, then those of AWS, which most roots, units and accounts have. */
const policyIdsOf = (lists: KnownLists): readonly string[] => {
  const policies = [...lists.objects('policies')];
  const idsOf = (managed: boolean) =>
    policies.filter(([, { object }]) => (object.AwsManaged === true) === managed).map(([id]) => id);
  return [...idsOf(false), ...idsOf(true)];
};

const isManagedPolicy = (lists: KnownLists, id: string): boolean =>
  lists.objects('policies').get(id)?.object.AwsManaged === true;

const taggedLists = ['roots', 'organizationalUnits', 'policies', 'resourcePolicy', 'accounts'] as const;

/** How each list of the copy is read. The five lists of `WatchedObjects` have pollers instead. */
export const keptSweeps: Sweeps = {
  organization: sweepOf('organization', {
    dependsOn: [],
    parts: () => [readOrganization()],
    sectionOf: () => '',
    confirm: () => readOrganization(),
  }),
  roots: sweepOf('roots', {
    dependsOn: ['organization'],
    *parts(lists) {
      if (organizationOf(lists)) yield readRoots();
    },
    sectionOf: () => '',
    confirm: () => undefined,
    isOrphan: (_root, lists) => hasNoOrganization(lists),
  }),
  accounts: sweepOf('accounts', {
    dependsOn: ['organization', 'roots', 'organizationalUnits'],
    *parts(lists) {
      if (organizationOf(lists) === undefined) return;
      yield readAccounts();
      if (lackPaths(lists)) for (const id of parentsOf(lists, UNIT_LEVELS + 1)) yield readAccountsBelow(lists, id);
    },
    sectionOf: () => '',
    complete: withKnownPaths,
    confirm: ({ Id = '' }, lists) => readAccount(lists, Id),
    isOrphan: (_account, lists) => hasNoOrganization(lists),
  }),
  organizationalUnits: sweepOf('organizationalUnits', {
    dependsOn: ['roots'],
    *parts(lists) {
      // Units of the last level have none below them.
      for (const id of parentsOf(lists, UNIT_LEVELS)) yield readUnitsBelow(id);
    },
    partOf: (id) => (/^(r|ou)-/.test(id) ? readUnitsBelow(id) : undefined),
    sectionOf: ({ ParentId }) => ParentId,
    confirm: ({ Id = '' }, lists) => readUnit(lists, Id),
    // AWS deletes empty units only.
    isOrphan: ({ ParentId }, lists) =>
      isGone(lists, 'roots', ParentId) && isGone(lists, 'organizationalUnits', ParentId),
  }),
  policies: sweepOf('policies', {
    dependsOn: ['roots'],
    *parts(lists) {
      for (const type of enabledPolicyTypes(lists)) yield readPolicies(type);
    },
    partOf: (type) => (isPolicyType(type) ? readPolicies(type) : undefined),
    sectionOf: ({ Type }) => Type ?? '',
    confirm: ({ Id = '' }, lists) => readPolicy(lists, Id),
    isOrphan: ({ Type }, lists) =>
      lists.isComplete('roots') && (Type === undefined || !enabledPolicyTypes(lists).includes(Type)),
  }),
  policyAttachments: sweepOf('policyAttachments', {
    dependsOn: ['policies'],
    *parts(lists) {
      for (const id of policyIdsOf(lists)) yield readTargets(id);
    },
    partOf: (id) => (listOfResource(id) === 'policies' ? readTargets(id) : undefined),
    sectionOf: ({ PolicyId }) => PolicyId,
    confirm({ TargetId, PolicyId }, lists) {
      const type = lists.objects('policies').get(PolicyId)?.object.Type;
      return type && readPoliciesOf(lists, TargetId, type);
    },
    isOrphan: ({ PolicyId, TargetId }, lists) =>
      isGone(lists, 'policies', PolicyId) || isGone(lists, listOfResource(TargetId) ?? 'accounts', TargetId),
  }),
  policyContents: sweepOf('policyContents', {
    dependsOn: ['policies'],
    *parts(lists) {
      for (const id of policyIdsOf(lists)) yield readContent(lists, id);
    },
    partOf: (id, lists) => (listOfResource(id) === 'policies' ? readContent(lists, id) : undefined),
    sectionOf: ({ PolicyId }) => PolicyId,
    confirm: () => undefined,
    isOrphan: ({ PolicyId }, lists) => isGone(lists, 'policies', PolicyId),
    isReadOnce: ({ key }, lists) => isManagedPolicy(lists, key),
  }),
  tags: sweepOf('tags', {
    dependsOn: taggedLists,
    *parts(lists) {
      for (const list of taggedLists) {
        for (const id of lists.objects(list).keys()) if (!isManagedPolicy(lists, id)) yield readTags(lists, id);
      }
    },
    partOf: (id, lists) =>
      listOfResource(id) === undefined || isManagedPolicy(lists, id) ? undefined : readTags(lists, id),
    sectionOf: ({ ResourceId }) => ResourceId,
    confirm: () => undefined,
    isOrphan({ ResourceId }, lists) {
      const list = listOfResource(ResourceId);
      return list !== undefined && isGone(lists, list, ResourceId);
    },
  }),
  delegatedAdministrators: sweepOf('delegatedAdministrators', {
    dependsOn: ['organization'],
    *parts(lists) {
      if (hasAllFeatures(lists)) yield readAdministrators();
    },
    sectionOf: () => '',
    confirm: () => undefined,
    isOrphan: ({ Id = '' }, lists) => isGone(lists, 'accounts', Id),
  }),
  enabledServices: sweepOf('enabledServices', {
    dependsOn: ['organization'],
    *parts(lists) {
      if (hasAllFeatures(lists)) yield readEnabledServices();
    },
    sectionOf: () => '',
    confirm: () => undefined,
    isOrphan: (_object, lists) => hasNoOrganization(lists),
  }),
  resourcePolicy: sweepOf('resourcePolicy', {
    dependsOn: ['organization'],
    *parts(lists) {
      if (hasAllFeatures(lists)) yield readResourcePolicy();
    },
    sectionOf: () => '',
    confirm: () => undefined,
    isOrphan: (_object, lists) => hasNoOrganization(lists),
  }),
};
