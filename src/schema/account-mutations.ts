import { builder } from './builder.ts';
import { upstreamCost } from './cost/rules.ts';
import { createAccountStatusEntity } from './create-account-status.ts';
import { entityRef } from './entity.ts';
import { awsMutation, type Written } from './mutation.ts';
import { AccountRef, CreateAccountStatusRef } from './refs.ts';
import { TagInput } from './tag.ts';

const IamUserAccessToBilling = builder.enumType('IAMUserAccessToBilling', {
  description: 'Whether IAM users of the new account may see its bills, if they have the permissions.',
  values: {
    ALLOW: { description: 'They may.' },
    DENY: { description: 'Only the root user may.' },
  },
});

const creation = {
  email: "E-mail address of the account's owner, used by no other account: 6 to 64 characters.",
  accountName: 'Its friendly name: 1 to 50 printable ASCII characters.',
  roleName:
    'Name of the role by which the management account gets into it. AWS takes OrganizationAccountAccessRole when it is left out.',
  iamUserAccessToBilling: 'Whether its IAM users may see its bills. AWS takes ALLOW when it is left out.',
  tags: 'Tags for the account.',
};

const started = ({ output }: Written<'CreateAccount' | 'CreateGovCloudAccount'>) =>
  output.CreateAccountStatus === undefined ? null : createAccountStatusEntity(output.CreateAccountStatus);

awsMutation('CreateAccount', {
  description:
    'Starts to create a member account, which takes some minutes: follow `createAccountStatusChanges`. It is never sent twice. For the management account.',
  input: (t) => ({
    email: t.string({ required: true, description: creation.email }),
    accountName: t.string({ required: true, description: creation.accountName }),
    roleName: t.string({ description: creation.roleName }),
    iamUserAccessToBilling: t.field({ type: IamUserAccessToBilling, description: creation.iamUserAccessToBilling }),
    tags: t.field({ type: [TagInput], description: creation.tags }),
  }),
  payload: (t) => ({
    createAccountStatus: t.field({
      type: CreateAccountStatusRef,
      description: 'The creation, just begun.',
      resolve: started,
    }),
  }),
});

awsMutation('CreateGovCloudAccount', {
  description:
    'Starts to create a member account together with one in AWS GovCloud (US). For the management account, if it is enabled for AWS GovCloud (US).',
  input: (t) => ({
    email: t.string({ required: true, description: creation.email }),
    accountName: t.string({ required: true, description: creation.accountName }),
    roleName: t.string({ description: creation.roleName }),
    iamUserAccessToBilling: t.field({ type: IamUserAccessToBilling, description: creation.iamUserAccessToBilling }),
    tags: t.field({ type: [TagInput], description: creation.tags }),
  }),
  payload: (t) => ({
    createAccountStatus: t.field({
      type: CreateAccountStatusRef,
      description: 'The creation, just begun.',
      resolve: started,
    }),
  }),
});

const accountOf = ({ input }: { input: { AccountId?: string | undefined } }) =>
  input.AccountId === undefined ? null : entityRef('Account', input.AccountId);

awsMutation('CloseAccount', {
  description:
    'Starts to close a member account: its state becomes PENDING_CLOSURE, then CLOSED; after 90 days it leaves the organization. For the management account.',
  input: (t) => ({ accountId: t.id({ required: true, description: 'The member account to close.' }) }),
  payload: (t) => ({
    account: t.field({
      type: AccountRef,
      description: 'The account that is being closed.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: accountOf,
    }),
  }),
});

awsMutation('MoveAccount', {
  description: 'Moves an account to another root or organizational unit. For the management account.',
  input: (t) => ({
    accountId: t.id({ required: true, description: 'The account to move.' }),
    sourceParentId: t.id({ required: true, description: 'The root or organizational unit that holds it now.' }),
    destinationParentId: t.id({ required: true, description: 'The root or organizational unit to move it to.' }),
  }),
  payload: (t) => ({
    account: t.field({
      type: AccountRef,
      description: 'The account, with its new parent.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: accountOf,
    }),
  }),
});

awsMutation('RemoveAccountFromOrganization', {
  description: 'Removes a member account, which pays for itself from then on. For the management account.',
  input: (t) => ({ accountId: t.id({ required: true, description: 'The member account to remove.' }) }),
  payload: (t) => ({
    removedAccountId: t.id({
      description: 'Id of the removed account.',
      resolve: ({ input }) => input.AccountId ?? null,
    }),
  }),
});
