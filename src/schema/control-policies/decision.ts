import type { PolicyBinding } from '../../control-policies/binding.ts';
import { controlPolicyTypes } from '../../control-policies/check-control-policy.ts';
import type { ControlPolicyDecision } from '../../control-policies/decision.ts';
import type { Decision, LevelDecision } from '../../control-policies/level.ts';
import type { IssueReason } from '../../control-policies/truth.ts';
import { awsEnumFields } from '../aws-enum.ts';
import { builder } from '../builder.ts';
import { upstreamCost } from '../cost/rules.ts';
import { policyTarget, summaryMembers } from '../policy.ts';
import { MAX_ATTACHED, MAX_LEVELS_OF_ACCOUNT } from '../policy-levels.ts';
import { PolicyType } from '../policy-type.ts';
import { PolicyRef, type PolicyTargetEntity, PolicyTargetRef } from '../refs.ts';
import type { PreparedTree } from './prepared-tree.ts';

/** A decision, and the organization in which it was made. */
export interface DecisionIn {
  readonly organization: PreparedTree;
  readonly evaluated: ControlPolicyDecision;
}

/** What denies: a statement of a policy at a level, or a level without one that allows. */
export interface Reason {
  readonly organization: PreparedTree;
  readonly reason: 'EXPLICIT_DENY' | 'NO_ALLOW';
  readonly level: string;
  readonly policy: string | null;
  readonly sid: string | null;
  readonly index: number | null;
}

interface LevelIn extends LevelDecision {
  readonly organization: PreparedTree;
}

interface StatementIn {
  readonly organization: PreparedTree;
  readonly policy: string;
  readonly index: number;
  readonly sid: string | null;
  readonly effect: string;
  readonly match: 'MATCHES' | 'NO_MATCH' | 'DEPENDS';
}

interface IssueIn {
  readonly organization: PreparedTree;
  readonly level: string;
  readonly policy: string;
  readonly sid: string | null;
  readonly reason: IssueReason;
  readonly path: string;
  readonly message: string;
}

/** An assumption: a policy of 10,240 characters has room for 200 statements, but most have a few. */
const MAX_STATEMENTS_AT_LEVEL = 5 * MAX_ATTACHED;
/** An assumption, too: parts that cannot be interpreted are rare. */
const MAX_ISSUES = 20;

export const ControlPolicyOutcome = builder.enumType('ControlPolicyOutcome', {
  description: 'What control policies decide about a request.',
  values: {
    ALLOWED: { description: 'No control policy stands in the way. They grant nothing: IAM policies do.' },
    DENIED: { description: 'A statement denies, or a level has no statement that allows.' },
    DEPENDS: {
      description: 'It depends on condition keys that are not given, or on parts that cannot be interpreted.',
    },
  } satisfies Record<Decision, object>,
});

const ControlPolicyReasonCode = builder.enumType('ControlPolicyReasonCode', {
  description: 'Why control policies deny a request.',
  values: {
    EXPLICIT_DENY: { description: 'A Deny statement matches.' },
    NO_ALLOW: { description: 'No Allow statement of a service control policy at the level matches.' },
  } satisfies Record<Reason['reason'], object>,
});

const StatementMatch = builder.enumType('StatementMatch', {
  description: 'Whether a statement matches a request.',
  values: {
    MATCHES: { description: 'It matches.' },
    NO_MATCH: { description: 'It does not match.' },
    DEPENDS: { description: 'It depends on unknown condition keys, or cannot be interpreted.' },
  } satisfies Record<StatementIn['match'], object>,
});

const ControlPolicyBinding = builder.enumType('ControlPolicyBinding', {
  description: 'Whether the control policies of a type restrict a request, and why not.',
  values: {
    BOUND: { description: 'They restrict it.' },
    TYPE_NOT_ENABLED: { description: 'The policy type is not enabled.' },
    MANAGEMENT_ACCOUNT: { description: 'Control policies never restrict the management account.' },
    OUTSIDE_ORGANIZATION: { description: 'The account is not in the organization.' },
    SERVICE_LINKED_ROLE: { description: 'Control policies do not restrict service-linked roles.' },
    SERVICE_PRINCIPAL: { description: 'Service control policies do not restrict AWS services.' },
    ANONYMOUS: { description: 'Service control policies do not restrict callers without credentials.' },
    UNSUPPORTED_SERVICE: { description: 'The service does not support resource control policies.' },
    UNSUPPORTED_ACTION: { description: 'Resource control policies do not restrict this action.' },
    AWS_MANAGED_KEY: { description: 'Resource control policies do not restrict AWS managed KMS keys.' },
  } satisfies Record<PolicyBinding, object>,
});

const UnresolvedReason = builder.enumType('UnresolvedStatementReason', {
  description: 'Why a part of a policy cannot be interpreted.',
  values: {
    UNKNOWN_OPERATOR: { description: 'IAM has no such condition operator.' },
    UNKNOWN_ELEMENT: { description: 'The policy type has no such element.' },
    INVALID_ELEMENT: { description: 'An element is missing, or has another form than the policy language requires.' },
    INVALID_VALUE: { description: 'The operator cannot compare the value.' },
    UNDOCUMENTED_RULE: { description: 'The documentation of AWS does not say what applies, or contradicts itself.' },
  } satisfies Record<IssueReason, object>,
});

const targetOf = (level: string) => policyTarget(level) as PolicyTargetEntity;

const targetField = {
  type: PolicyTargetRef,
  nullable: false,
  extensions: upstreamCost({ knownMembers: ['Id'] }),
} as const;

/** The text of an evaluated policy is known, too. */
const policyField = {
  type: PolicyRef,
  extensions: upstreamCost({ knownMembers: [...summaryMembers, 'Content'] }),
} as const;

export const ControlPolicyReasonRef = builder.objectRef<Reason>('ControlPolicyReason').implement({
  description: 'The one statement, or the one level, that denies a request.',
  fields: (t) => ({
    reason: t.expose('reason', {
      type: ControlPolicyReasonCode,
      nullable: false,
      description: 'Which of the two it is.',
    }),
    target: t.field({
      ...targetField,
      description: 'The root, organizational unit or account that the policy is attached to, or that allows nothing.',
      resolve: ({ level }) => targetOf(level),
    }),
    policy: t.field({
      ...policyField,
      description: 'The policy of the statement.',
      resolve: ({ organization, policy }) => (policy === null ? null : organization.policyEntity(policy)),
    }),
    sid: t.exposeString('sid', { description: "The statement's Sid, if it has one." }),
    statementIndex: t.exposeInt('index', { description: "The statement's place in the policy, from 0." }),
    statement: t.field({
      type: 'JSON',
      description: 'The statement as the policy has it.',
      resolve: ({ organization, policy, index }) =>
        policy === null || index === null ? null : organization.statementAt(policy, index),
    }),
  }),
});

const StatementResultRef = builder.objectRef<StatementIn>('ControlPolicyStatementResult').implement({
  description: 'A statement of a policy, compared with a request.',
  fields: (t) => ({
    policy: t.field({
      ...policyField,
      nullable: false,
      description: 'The policy.',
      resolve: ({ organization, policy }) => organization.policyEntity(policy),
    }),
    sid: t.exposeString('sid', { description: 'Its Sid, if it has one.' }),
    statementIndex: t.exposeInt('index', { nullable: false, description: 'Its place in the policy, from 0.' }),
    effect: t.exposeString('effect', {
      nullable: false,
      description: '`Allow` or `Deny`; `Unknown` if the statement has neither.',
    }),
    match: t.expose('match', { type: StatementMatch, nullable: false, description: 'Whether it matches.' }),
  }),
});

const LevelRef = builder.objectRef<LevelIn>('ControlPolicyLevel').implement({
  description: 'The control policies of one type at a root, organizational unit or account, compared with a request.',
  fields: (t) => ({
    target: t.field({
      ...targetField,
      description: 'The root, organizational unit or account.',
      resolve: ({ level }) => targetOf(level),
    }),
    ...awsEnumFields(
      t,
      'type',
      PolicyType,
      { description: 'The type of the policies.', nullable: false },
      ({ type }) => type,
    ),
    outcome: t.expose('decision', {
      type: ControlPolicyOutcome,
      nullable: false,
      description: 'What the policies of the level decide by themselves.',
    }),
    statements: t.field({
      type: [StatementResultRef],
      nullable: { list: false, items: false },
      description: 'All statements of its policies, also those that do not match.',
      extensions: upstreamCost({ items: MAX_STATEMENTS_AT_LEVEL }),
      resolve: statementsOf,
    }),
  }),
});

const UnresolvedRef = builder.objectRef<IssueIn>('UnresolvedStatement').implement({
  description: 'A part of a policy that cannot be interpreted, and on which a decision depends.',
  fields: (t) => ({
    target: t.field({
      ...targetField,
      description: 'The root, organizational unit or account that the policy is attached to.',
      resolve: ({ level }) => targetOf(level),
    }),
    policy: t.field({
      ...policyField,
      nullable: false,
      description: 'The policy.',
      resolve: ({ organization, policy }) => organization.policyEntity(policy),
    }),
    sid: t.exposeString('sid', { description: "The statement's Sid, if it has one." }),
    reason: t.expose('reason', { type: UnresolvedReason, nullable: false, description: 'Why it is not interpreted.' }),
    path: t.exposeString('path', {
      nullable: false,
      description: 'The part, such as `Statement[0].Condition.StringIs`.',
    }),
    message: t.exposeString('message', { nullable: false, description: 'The expected and the actual value.' }),
  }),
});

export const ControlPolicyDecisionRef = builder.objectRef<DecisionIn>('ControlPolicyDecision').implement({
  description: 'Whether service and resource control policies deny a request of an account.',
  fields: (t) => ({
    decision: t.field({
      type: ControlPolicyOutcome,
      nullable: false,
      description: 'The decision.',
      resolve: ({ evaluated }) => evaluated.decision,
    }),
    because: t.field({
      type: ControlPolicyReasonRef,
      description: 'What denies; null if several statements or levels do, which `levels` has, and for other decisions.',
      resolve: reasonOf,
    }),
    missingContextKeys: t.stringList({
      nullable: { list: false, items: false },
      description: 'The condition keys on which the decision depends, sorted.',
      resolve: ({ evaluated }) => [...(evaluated.missingContextKeys ?? [])],
    }),
    unresolved: t.field({
      type: [UnresolvedRef],
      nullable: { list: false, items: false },
      description: 'The parts of policies on which the decision depends, and that cannot be interpreted.',
      extensions: upstreamCost({ items: MAX_ISSUES }),
      resolve: ({ organization, evaluated }) =>
        (evaluated.unresolved ?? []).map((issue) => ({ ...issue, organization })),
    }),
    serviceControlPolicies: t.field({
      type: ControlPolicyBinding,
      nullable: false,
      description: 'Whether the service control policies of the caller restrict the request.',
      resolve: ({ evaluated }) => evaluated.bindings.serviceControlPolicies,
    }),
    resourceControlPolicies: t.field({
      type: ControlPolicyBinding,
      nullable: false,
      description: 'Whether the resource control policies of the account restrict the request.',
      resolve: ({ evaluated }) => evaluated.bindings.resourceControlPolicies,
    }),
    levels: t.field({
      type: [LevelRef],
      nullable: { list: false, items: false },
      description:
        'From the root down: the service control policies of the caller, then the resource control policies of the account, as far as they restrict the request.',
      extensions: upstreamCost({ items: controlPolicyTypes.length * MAX_LEVELS_OF_ACCOUNT }),
      resolve: ({ organization, evaluated }) => evaluated.levels.map((level) => ({ ...level, organization })),
    }),
  }),
});

/** The statement or level that denies; null if there are several or none. */
export function reasonOf({ organization, evaluated: { because, levels } }: DecisionIn): Reason | null {
  if (because === undefined) return null;
  const { reason, level, policy, sid } = because;
  const statements = levels.flatMap((one) => (one.level === level ? one.statements : []));
  const denies = statements.find((one) => one.effect === 'Deny' && one.matches === 'YES' && one.policy === policy);
  return { organization, reason, level, policy, sid, index: denies?.index ?? null };
}

function statementsOf({ organization, level, type, statements }: LevelIn): StatementIn[] {
  const policies = organization.nodeOf(level)?.policies ?? [];
  return policies.flatMap((policy) =>
    policy.type !== type
      ? []
      : policy.statements.map(({ index, sid, effect = 'Unknown' }) => {
          const found = statements.find((one) => one.policy === policy.name && one.index === index);
          const match = found === undefined ? 'NO_MATCH' : found.matches === 'YES' ? 'MATCHES' : 'DEPENDS';
          return { organization, policy: policy.name, index, sid, effect, match };
        }),
  );
}
