import type { aws } from '../upstream/index.ts';
import { awsEnum, awsEnumFields, awsEnumMember } from './aws-enum.ts';
import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, entityRef, fromMember, load, loadedEntity, partialOwn } from './entity.ts';
import { expectId, typeOfId } from './ids.ts';
import { loadPoliciesOfTarget, policiesOfTargetsScan, scanPoliciesOfTarget } from './loaders/policies-of-targets.ts';
import { awsMutation } from './mutation.ts';
import { PolicyType } from './policy-type.ts';
import { HistoryRef, NodeRef, PolicyRef, type PolicyTargetEntity, PolicyTargetRef, TaggableRef } from './refs.ts';
import { requires } from './scopes.ts';
import { TagInput } from './tag.ts';

PolicyRef.implement({
  description:
    'A policy of the organization. Lists do not include its text, so `content` and `document` cost one call per policy.',
  interfaces: [NodeRef, HistoryRef, TaggableRef],
  fields: (t) => ({
    arn: t.string({ description: 'Its Amazon Resource Name.', ...fromMember('Arn') }),
    name: t.string({ description: 'Its friendly name, unique among policies of its type.', ...fromMember('Name') }),
    description: t.string({ description: 'The description: up to 512 characters.', ...fromMember('Description') }),
    ...awsEnumMember(t, 'Type', PolicyType, 'The policy type.'),
    awsManaged: t.boolean({
      description: 'Whether AWS manages it: such a policy can be attached, but not changed.',
      ...fromMember('AwsManaged'),
    }),
    content: t.string({ description: 'Its text: JSON, as it was stored.', ...fromMember('Content') }),
    document: t.field({
      type: 'JSON',
      description: 'Its text, parsed; null when the text is not JSON.',
      ...fromMember('Content', parsed),
    }),
    targets: t.field({
      type: PolicyTargetSummaryConnection,
      description:
        'The roots, organizational units and accounts that it is attached to. Read from ListTargetsForPolicy.',
      args: connectionArgs,
      extensions: upstreamCost({ list: { bound: 'targets' } }),
      resolve: (policy, args, context) =>
        readConnection(
          context,
          {
            operation: 'ListTargetsForPolicy',
            input: { PolicyId: policy.id },
            key: (target) => target.TargetId,
            node: (target) => target,
          },
          args,
        ),
    }),
  }),
});

/** The JSON value of a policy's text; null when there is none, or it is not JSON. */
export function parsed(content: string | null | undefined): unknown {
  if (content == null) return null;
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return null;
  }
}

const TargetType = awsEnum('TargetType', {
  description: 'The types of policy targets.',
  values: {
    ACCOUNT: { description: 'An account.' },
    ORGANIZATIONAL_UNIT: { description: 'An organizational unit.' },
    ROOT: { description: 'A root.' },
  } satisfies Record<aws.TargetType, object>,
});

const PolicyTargetSummaryRef = builder.objectRef<aws.PolicyTargetSummary>('PolicyTargetSummary').implement({
  description: 'A target that a policy is attached to.',
  fields: (t) => ({
    targetId: t.id({
      description: 'Id of the root, organizational unit or account.',
      resolve: (target) => target.TargetId ?? null,
    }),
    arn: t.exposeString('Arn', { description: 'Its Amazon Resource Name.' }),
    name: t.exposeString('Name', { description: 'Its friendly name.' }),
    ...awsEnumFields(t, 'type', TargetType, { description: 'Which of the three it is.' }, (target) => target.Type),
    target: t.field({
      type: PolicyTargetRef,
      description: 'The root, organizational unit or account itself.',
      extensions: upstreamCost({ knownMembers: ['Id', 'Arn', 'Name'] }),
      resolve: (target) => policyTarget(target.TargetId, target),
    }),
  }),
});

const PolicyTargetSummaryConnection = builder.connectionObject({
  type: PolicyTargetSummaryRef,
  name: 'PolicyTargetSummaryConnection',
  description: 'The targets of a policy.',
});

/** A root, organizational unit or account whose id, and perhaps name and ARN, are known. */
export function policyTarget(id: string | undefined, summary: aws.PolicyTargetSummary = {}): PolicyTargetEntity | null {
  const type = id === undefined ? undefined : typeOfId(id);
  if (id === undefined || (type !== 'Root' && type !== 'OrganizationalUnit' && type !== 'Account')) return null;
  return partialOwn(type, id, { Id: id, Arn: summary.Arn, Name: summary.Name });
}

export const PolicyConnection = builder.connectionObject({
  type: PolicyRef,
  name: 'PolicyConnection',
  description: 'Policies.',
});

/** The members of a policy in lists. */
export const summaryMembers = ['Id', 'Arn', 'Name', 'Description', 'Type', 'AwsManaged'] as const;

/** A policy from a list: all members but its content. */
export const listedPolicy = (summary: aws.PolicySummary): Entity<'Policy'> =>
  entityRef('Policy', summary.Id ?? '', summary);

PolicyTargetRef.implement({
  description: 'A target of policies: a root, an organizational unit or an account.',
  interfaces: [NodeRef, TaggableRef],
  resolveType: (entity) => entity.typename,
  fields: (t) => ({
    arn: t.string({ description: 'Its Amazon Resource Name.', ...fromMember('Arn') }),
    name: t.string({ description: 'Its friendly name.', ...fromMember('Name') }),
    policies: t.field({
      type: PolicyConnection,
      description:
        'Policies of one type that are attached to it directly; inherited ones are not among them. Read from ListPoliciesForTarget, or, for many targets at once, from ListTargetsForPolicy.',
      args: { type: t.arg({ type: PolicyType, required: true, description: 'The policy type.' }), ...connectionArgs },
      extensions: upstreamCost({
        list: { bound: 'attachedPolicies', scan: policiesOfTargetsScan },
        knownMembers: summaryMembers,
      }),
      resolve: (target, { type, ...args }, context) =>
        readConnection(
          context,
          {
            operation: 'ListPoliciesForTarget',
            input: { TargetId: target.id, Filter: type },
            key: (policy) => policy.Id,
            node: listedPolicy,
            // A reference may name an account of another organization.
            assemble: async (isRequired) => {
              if (isRequired) return scanPoliciesOfTarget(context, target.id, type);
              return target.complete ? loadPoliciesOfTarget(context, target.id, type) : undefined;
            },
          },
          args,
        ),
    }),
  }),
});

builder.queryField('policy', (t) =>
  t.field({
    type: PolicyRef,
    description: 'A policy by its id; null if the organization has none with it. Costs one call.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `p-FullAWSAccess` or `p-1a2b3c4d5e`.' }) },
    extensions: { ...upstreamCost({ typesReadById: () => ['Policy'] }), ...requires('read') },
    resolve: (_root, { id }, context) => load(context, 'Policy', expectId('policy(id:)', 'Policy', id)),
  }),
);

const written = (policy: aws.Policy | undefined): Entity<'Policy'> | null =>
  policy === undefined
    ? null
    : loadedEntity('Policy', policy.PolicySummary?.Id, { ...policy.PolicySummary, Content: policy.Content });

awsMutation('CreatePolicy', {
  description:
    'Creates a policy, which has no effect before it is attached. For the management account and delegated administrators.',
  input: (t) => ({
    content: t.string({ required: true, description: 'Its text: JSON in the syntax of its type.' }),
    description: t.string({ required: true, description: 'The description: up to 512 characters; may be empty.' }),
    name: t.string({ required: true, description: '1 to 128 characters, unique among policies of its type.' }),
    type: t.field({
      type: PolicyType,
      required: true,
      description: 'The policy type. It must be available in the organization.',
    }),
    tags: t.field({ type: [TagInput], description: 'Tags for the new policy.' }),
  }),
  payload: (t) => ({
    policy: t.field({
      type: PolicyRef,
      description: 'The new policy.',
      resolve: ({ output }) => written(output.Policy),
    }),
  }),
});

awsMutation('UpdatePolicy', {
  description:
    "Changes a policy's name, description or content; omitted members stay unchanged. For the management account and delegated administrators.",
  input: (t) => ({
    policyId: t.id({ required: true, description: 'The policy to change. Policies made by AWS cannot be.' }),
    name: t.string({ description: 'New name, 1 to 128 characters.' }),
    description: t.string({ description: 'New description, up to 512 characters.' }),
    content: t.string({ description: 'New text: JSON in the syntax of its type.' }),
  }),
  payload: (t) => ({
    policy: t.field({
      type: PolicyRef,
      description: 'The changed policy.',
      resolve: ({ output }) => written(output.Policy),
    }),
  }),
});

awsMutation('DeletePolicy', {
  description: 'Deletes a policy that is attached to nothing. For the management account and delegated administrators.',
  input: (t) => ({ policyId: t.id({ required: true, description: 'The policy to delete.' }) }),
  payload: (t) => ({
    deletedPolicyId: t.id({
      description: 'Id of the deleted policy.',
      resolve: ({ input }) => input.PolicyId ?? null,
    }),
  }),
});
