import type { aws } from '../upstream/index.ts';
import { awsEnum, awsEnumMember } from './aws-enum.ts';
import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, entityRef, fromMember, load, loadedEntity, resolveMember } from './entity.ts';
import { expectId } from './ids.ts';
import { ofOwn } from './organization.ts';
import { AccountRef, CreateAccountStatusRef, NodeRef, OrganizationRef } from './refs.ts';
import { requires } from './scopes.ts';

export const CreateAccountState = awsEnum('CreateAccountState', {
  description: "Where an account's creation is. The last two are final.",
  values: {
    IN_PROGRESS: { description: 'Going on.' },
    SUCCEEDED: { description: 'The account exists.' },
    FAILED: { description: 'There will be no account: see `failureReason`.' },
  } satisfies Record<aws.CreateAccountState, object>,
});

const CreateAccountFailureReason = awsEnum('CreateAccountFailureReason', {
  description: 'Why an account could not be created.',
  values: {
    ACCOUNT_LIMIT_EXCEEDED: { description: 'The organization has as many accounts as its quota allows.' },
    EMAIL_ALREADY_EXISTS: { description: 'Another account has the e-mail address.' },
    INVALID_ADDRESS: { description: 'The address is not valid.' },
    INVALID_EMAIL: { description: 'The e-mail address is not valid.' },
    CONCURRENT_ACCOUNT_MODIFICATION: { description: 'Another account was being changed at the same time; try again.' },
    INTERNAL_FAILURE: { description: 'AWS failed; try again.' },
    GOVCLOUD_ACCOUNT_ALREADY_EXISTS: { description: 'There is an account in AWS GovCloud (US) already.' },
    MISSING_BUSINESS_VALIDATION: { description: 'The management account has not been validated as a business.' },
    FAILED_BUSINESS_VALIDATION: { description: "The management account's validation as a business failed." },
    PENDING_BUSINESS_VALIDATION: { description: "The management account's validation as a business is going on." },
    INVALID_IDENTITY_FOR_BUSINESS_VALIDATION: {
      description: 'The identity for the validation as a business is not valid.',
    },
    UNKNOWN_BUSINESS_VALIDATION: { description: 'The validation as a business failed for an unknown reason.' },
    MISSING_PAYMENT_INSTRUMENT: { description: 'The management account has no means of payment.' },
    INVALID_PAYMENT_INSTRUMENT: { description: "The management account's means of payment is not valid." },
    UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED: {
      description: 'A resource policy cannot be updated together with tags.',
    },
  } satisfies Record<aws.CreateAccountFailureReason, object>,
});

CreateAccountStatusRef.implement({
  description: 'A request to create an account, and its progress.',
  interfaces: [NodeRef],
  fields: (t) => ({
    accountName: t.string({ description: 'The name for the account.', ...fromMember('AccountName') }),
    ...awsEnumMember(t, 'State', CreateAccountState, 'Where the creation is.'),
    requestedTimestamp: t.field({
      type: 'DateTime',
      description: 'When it was asked for.',
      ...fromMember('RequestedTimestamp'),
    }),
    completedTimestamp: t.field({
      type: 'DateTime',
      description: 'When it succeeded or failed.',
      ...fromMember('CompletedTimestamp'),
    }),
    accountId: t.id({ description: "The new account's id, once there is one.", ...fromMember('AccountId') }),
    account: t.field({
      type: AccountRef,
      description: 'The new account, once there is one.',
      // It may have left the organization.
      extensions: upstreamCost({
        members: ['AccountId'],
        knownMembers: ['Id'],
        includesOtherOrganizations: true,
      }),
      resolve: async (status, _args, context) => {
        const id = await resolveMember(context, status, 'AccountId');
        return id == null ? null : entityRef('Account', id, { Id: id });
      },
    }),
    govCloudAccountId: t.id({
      description: "The new account's id in AWS GovCloud (US), if one was asked for.",
      ...fromMember('GovCloudAccountId'),
    }),
    ...awsEnumMember(t, 'FailureReason', CreateAccountFailureReason, 'Why it failed, if it did.'),
  }),
});

const CreateAccountStatusConnection = builder.connectionObject({
  type: CreateAccountStatusRef,
  name: 'CreateAccountStatusConnection',
  description: 'Requests to create accounts.',
});

export const createAccountStatusEntity = (status: aws.CreateAccountStatus): Entity<'CreateAccountStatus'> =>
  loadedEntity('CreateAccountStatus', status.Id, status);

builder.objectField(OrganizationRef, 'createAccountStatuses', (t) =>
  t.field({
    type: CreateAccountStatusConnection,
    description:
      'Requests to create accounts that AWS still tracks: its documents name no time. Read from ListCreateAccountStatus.',
    args: {
      states: t.arg({
        type: [CreateAccountState],
        description: 'Only those in one of these states. Default: all.',
      }),
      ...connectionArgs,
    },
    extensions: upstreamCost({ requiresOwnOrganization: true, list: { bound: 'accounts' } }),
    resolve: (organization, { states, ...args }, context) =>
      ofOwn(context, organization, () =>
        readConnection(
          context,
          {
            operation: 'ListCreateAccountStatus',
            input: states == null ? {} : { States: states },
            key: (status) => status.Id,
            node: createAccountStatusEntity,
          },
          args,
        ),
      ),
  }),
);

builder.queryField('createAccountStatus', (t) =>
  t.field({
    type: CreateAccountStatusRef,
    description: 'A request to create an account, by its id; null if there is none. Costs one call.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `car-examplecreateaccountrequestid111`.' }) },
    extensions: { ...upstreamCost({ typesReadById: () => ['CreateAccountStatus'] }), ...requires('read') },
    resolve: (_root, { id }, context) =>
      load(context, 'CreateAccountStatus', expectId('createAccountStatus(id:)', 'CreateAccountStatus', id)),
  }),
);
