import { LRUCache } from 'lru-cache';
import { isControlPolicyType } from '../control-policies/check-control-policy.ts';
import { deniedActions } from '../control-policies/denied-actions.ts';
import { countCopied } from '../inventory/session.ts';
import { type aws, UpstreamError } from '../upstream/index.ts';
import { loadLevelsAbove, MAX_LEVELS } from './ancestors.ts';
import { builder } from './builder.ts';
import type { GraphContext } from './context.ts';
import { acceptedCopy } from './copied-connection.ts';
import { type CostRule, upstreamCost } from './cost/rules.ts';
import { type Entity, mapMaybePromise, resolveMember } from './entity.ts';
import { loadAttachedPolicies, policiesOfTargetsScan } from './loaders/policies-of-targets.ts';
import { listedPolicy, policyTarget, summaryMembers } from './policy.ts';
import { PolicyType } from './policy-type.ts';
import { PolicyRef, type PolicyTargetEntity, PolicyTargetRef } from './refs.ts';

/** The levels of an account: those above it, and itself. */
export const MAX_LEVELS_OF_ACCOUNT = MAX_LEVELS + 1;
/** Of one type, directly attached to one target. Service control policies have the highest quota. */
export const MAX_ATTACHED = 10;

interface PolicyLevel {
  readonly target: PolicyTargetEntity;
  readonly type: aws.PolicyType;
  readonly policies: readonly Entity<'Policy'>[];
}

const PolicyLevelRef = builder.objectRef<PolicyLevel>('PolicyLevel').implement({
  description: 'A root, organizational unit or account with the policies of one type that are attached to it directly.',
  fields: (t) => ({
    target: t.field({
      type: PolicyTargetRef,
      nullable: false,
      description: 'The root, organizational unit or account.',
      extensions: upstreamCost({ knownMembers: ['Id', 'Path'] }),
      resolve: ({ target }) => target,
    }),
    policies: t.field({
      type: [PolicyRef],
      nullable: { list: false, items: false },
      description: 'The policies that are attached to it directly.',
      extensions: upstreamCost({ items: MAX_ATTACHED, knownMembers: summaryMembers }),
      resolve: ({ policies }) => [...policies],
    }),
    deniedActions: t.stringList({
      nullable: { list: false, items: false },
      description:
        'Of service and resource control policies: the action patterns that statements on this level deny, without looking at resources and conditions. A statement with NotAction is listed as `* except iam:*`. Reads the text of each policy. Empty for other types.',
      extensions: upstreamCost({ typesReadById: () => Array.from({ length: MAX_ATTACHED }, () => 'Policy' as const) }),
      resolve: (level, _args, context) => loadDeniedActions(context, level),
    }),
  }),
});

/** Parsing the same policies for each level of many accounts would dominate. In characters. */
const MAX_CACHED_CONTENT = 4_194_304;
const deniedByContent = new LRUCache<string, readonly string[]>({
  maxSize: MAX_CACHED_CONTENT,
  sizeCalculation: (_actions, content) => Math.max(content.length, 1),
});

function deniedIn(content: string): readonly string[] {
  let actions = deniedByContent.get(content);
  if (actions === undefined) {
    actions = deniedActions(content);
    deniedByContent.set(content, actions);
  }
  return actions;
}

function loadDeniedActions(context: GraphContext, { type, policies }: PolicyLevel): string[] | Promise<string[]> {
  if (!isControlPolicyType(type)) return [];
  const contents = policies.map((policy) => resolveMember(context, policy, 'Content'));
  const isKnown = contents.every((content) => !(content instanceof Promise));
  return mapMaybePromise(isKnown ? (contents as (string | null)[]) : Promise.all(contents), (all) =>
    [...new Set(all.flatMap((content) => deniedIn(content ?? '')))].sort(),
  );
}

/** Reads the levels of a target from the copy of the organization or from AWS. */
function loadLevels(
  context: GraphContext,
  target: PolicyTargetEntity,
  type: aws.PolicyType,
): PolicyLevel[] | Promise<PolicyLevel[]> {
  const copied = acceptedCopy(context)?.policyLevels(target.id, type);
  if (copied === undefined) return readLevels(context, target, type);
  countCopied(context.session, copied.asOf);
  return copied.value.map(({ targetId, policies }) => ({
    target: targetId === target.id ? target : (policyTarget(targetId) ?? target),
    type,
    policies: policies.map(listedPolicy),
  }));
}

async function readLevels(
  context: GraphContext,
  target: PolicyTargetEntity,
  type: aws.PolicyType,
): Promise<PolicyLevel[]> {
  const above = await loadLevelsAbove(context, target);
  if (above === null) throw targetNotFound(target.id);
  const levels: readonly PolicyTargetEntity[] = [...above, target];
  return Promise.all(
    levels.map(async (level) => {
      const policies = await loadAttachedPolicies(context, level.id, type);
      return { target: level, type, policies: policies.map(listedPolicy) };
    }),
  );
}

/** A reference may name an account of another organization, whose levels AWS does not show. */
export const targetNotFound = (id: string) =>
  new UpstreamError(`The principal's organization has no root, organizational unit or account ${id}.`, {
    code: 'TargetNotFoundException',
    operation: 'ListPoliciesForTarget',
    retryable: false,
  });

const levelsCost = {
  // The path, which accounts have in `Paths`.
  members: ['Path'],
  items: MAX_LEVELS_OF_ACCOUNT,
  listsRead: () => [
    {
      field: 'policies',
      list: { bound: 'attachedPolicies', scan: policiesOfTargetsScan },
      count: MAX_LEVELS_OF_ACCOUNT,
    },
  ],
} as const satisfies CostRule;

builder.interfaceField(PolicyTargetRef, 'policyLevels', (t) =>
  t.field({
    type: [PolicyLevelRef],
    nullable: { list: false, items: false },
    description:
      'From the root down to this target, each level with the policies of one type that are attached to it directly. Together they are all policies of the type that reach it. From the copy of the organization without a call, otherwise read from ListPoliciesForTarget, with a call for each level.',
    args: { type: t.arg({ type: PolicyType, required: true, description: 'The policy type.' }) },
    extensions: upstreamCost(levelsCost),
    resolve: (target, { type }, context) => loadLevels(context, target, type),
  }),
);
