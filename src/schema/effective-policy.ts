import { createHash } from 'node:crypto';
import type { aws } from '../upstream/index.ts';
import { AccountConnection, wholeAccount } from './account.ts';
import { awsEnumFields } from './aws-enum.ts';
import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import { upstreamCost } from './cost/rules.ts';
import { entityRef } from './entity.ts';
import { nullIfNotFound } from './loaders/objects-by-id.ts';
import { loadReply, pageInput } from './loaders/replies.ts';
import { parsed, policyTarget } from './policy.ts';
import { EffectivePolicyType } from './policy-type.ts';
import { AccountRef, OrganizationRef, PolicyRef, PolicyTargetRef } from './refs.ts';

const EffectivePolicyRef = builder.objectRef<aws.EffectivePolicy>('EffectivePolicy').implement({
  description: 'The policies of one type, from the root down to an account, merged into one.',
  fields: (t) => ({
    policyContent: t.exposeString('PolicyContent', { description: 'The merged policy: JSON without operators.' }),
    document: t.field({
      type: 'JSON',
      description: 'The merged policy, parsed.',
      resolve: (policy) => parsed(policy.PolicyContent),
    }),
    lastUpdatedTimestamp: t.expose('LastUpdatedTimestamp', { type: 'DateTime', description: 'When it last changed.' }),
    targetId: t.exposeID('TargetId', { description: 'Id of the account that it applies to.' }),
    target: t.field({
      type: PolicyTargetRef,
      description: 'The account that it applies to.',
      extensions: upstreamCost({ knownMembers: ['Id'] }),
      resolve: (policy) => policyTarget(policy.TargetId),
    }),
    ...awsEnumFields(t, 'policyType', EffectivePolicyType, { description: 'Its type.' }, (policy) => policy.PolicyType),
  }),
});

/** Ten policies of a type at each level (quota), on the account, five levels of units, and the root. */
const mostContributors = 70;

const ValidationErrorRef = builder
  .objectRef<aws.EffectivePolicyValidationError>('EffectivePolicyValidationError')
  .implement({
    description: 'Why an effective policy is invalid. While it is, the account keeps the last valid one.',
    fields: (t) => ({
      errorCode: t.exposeString('ErrorCode', { description: "AWS's code, e.g. ELEMENTS_TOO_MANY." }),
      errorMessage: t.exposeString('ErrorMessage', { description: 'The error message.' }),
      pathToError: t.exposeString('PathToError', { description: 'The place of the error in the effective policy.' }),
      contributingPolicies: t.field({
        type: [PolicyRef],
        description: 'The policies that cause the error.',
        extensions: upstreamCost({ knownMembers: [], items: mostContributors }),
        resolve: (error) => error.ContributingPolicies?.map((id) => entityRef('Policy', id)) ?? null,
      }),
    }),
  });

const ValidationErrorConnection = builder.connectionObject({
  type: ValidationErrorRef,
  name: 'EffectivePolicyValidationErrorConnection',
  description: 'The errors of an effective policy.',
});

builder.objectFields(ValidationErrorConnection, (t) => ({
  path: t.string({
    description: "The account's path in the organization: `o-…/r-…/ou-…/123456789012/`.",
    extensions: upstreamCost({ calls: 1 }),
    resolve: async (connection) => (await connection.reply?.())?.Path ?? null,
  }),
  evaluationTimestamp: t.field({
    type: 'DateTime',
    description: 'When AWS last validated the effective policy.',
    extensions: upstreamCost({ calls: 1 }),
    resolve: async (connection) => (await connection.reply?.())?.EvaluationTimestamp ?? null,
  }),
}));

builder.objectFields(AccountRef, (t) => ({
  effectivePolicy: t.field({
    type: EffectivePolicyRef,
    description: 'The merged policies of a type that apply to this account; null when there are none. Costs one call.',
    args: { type: t.arg({ type: EffectivePolicyType, required: true, description: 'The policy type.' }) },
    extensions: upstreamCost({ calls: 1 }),
    resolve: async (account, { type }, context) => {
      const request = { PolicyType: type, TargetId: account.id };
      const reply = await nullIfNotFound(loadReply(context, 'DescribeEffectivePolicy', request));
      return reply?.EffectivePolicy ?? null;
    },
  }),
  effectivePolicyValidationErrors: t.field({
    type: ValidationErrorConnection,
    description:
      "The errors of the account's effective policy of a type. Read from ListEffectivePolicyValidationErrors.",
    args: {
      type: t.arg({ type: EffectivePolicyType, required: true, description: 'The policy type.' }),
      ...connectionArgs,
    },
    extensions: upstreamCost({ list: { bound: 'validationErrors' } }),
    resolve: async (account, { type, ...args }, context) => {
      const operation = 'ListEffectivePolicyValidationErrors';
      const input = { AccountId: account.id, PolicyType: type };
      const connection = await readConnection(
        context,
        {
          operation,
          input,
          key: keyOfError,
          node: (error: aws.EffectivePolicyValidationError) => error,
        },
        args,
      );
      // The same request as the first page's, so that it costs nothing more.
      const reply = async () => loadReply(context, operation, pageInput({ operation, input }));
      return Object.assign(connection, { reply });
    },
  }),
}));

/** Errors have no id: those that differ in anything are two. */
const keyOfError = ({
  ErrorCode,
  PathToError,
  ErrorMessage,
  ContributingPolicies = [],
}: aws.EffectivePolicyValidationError) =>
  createHash('sha256')
    .update(JSON.stringify([ErrorCode, PathToError, ErrorMessage, [...ContributingPolicies].sort()]))
    .digest('base64url')
    .slice(0, 16);

builder.objectFields(OrganizationRef, (t) => ({
  accountsWithInvalidEffectivePolicy: t.field({
    type: AccountConnection,
    description:
      'Accounts whose effective policy of a type is invalid. Read from ListAccountsWithInvalidEffectivePolicy.',
    args: {
      policyType: t.arg({ type: EffectivePolicyType, required: true, description: 'The policy type.' }),
      ...connectionArgs,
    },
    extensions: upstreamCost({ list: { bound: 'accounts' } }),
    resolve: (_organization, { policyType, ...args }, context) =>
      readConnection(
        context,
        {
          operation: 'ListAccountsWithInvalidEffectivePolicy',
          input: { PolicyType: policyType },
          key: (account) => account.Id,
          node: wholeAccount,
        },
        args,
      ),
  }),
}));
