import type { aws } from '../upstream/index.ts';
import { AccountJoinedMethod, AccountState, AccountStatus } from './account.ts';
import { awsEnumFields } from './aws-enum.ts';
import { builder } from './builder.ts';
import { connectionArgs, emptyWhen, readConnection } from './connection.ts';
import { upstreamCost } from './cost/rules.ts';
import { entityRef } from './entity.ts';
import { expectText } from './ids.ts';
import { delegatedAccountsScan, isDelegated } from './loaders/delegated-accounts.ts';
import { awsMutation, type Written } from './mutation.ts';
import { ofOwn } from './organization.ts';
import { AccountRef, OrganizationRef } from './refs.ts';

export const DelegatedAdministratorRef = builder
  .objectRef<aws.DelegatedAdministrator>('DelegatedAdministrator')
  .implement({
    description: 'A member account that administers a service for the whole organization.',
    fields: (t) => ({
      id: t.id({
        nullable: false,
        description: "The account's id.",
        resolve: (administrator) => administrator.Id ?? '',
      }),
      arn: t.exposeString('Arn', { description: "The account's Amazon Resource Name." }),
      email: t.exposeString('Email', { description: "The account's e-mail address." }),
      name: t.exposeString('Name', { description: "The account's friendly name." }),
      ...awsEnumFields(
        t,
        'status',
        AccountStatus,
        {
          deprecationReason: 'AWS retires Status. Use `state`, which has more values.',
          description: "The account's former status.",
        },
        (administrator) => administrator.Status,
      ),
      ...awsEnumFields(
        t,
        'state',
        AccountState,
        { description: 'Where the account is in its life.' },
        (administrator) => administrator.State,
      ),
      ...awsEnumFields(
        t,
        'joinedMethod',
        AccountJoinedMethod,
        { description: 'How the account joined the organization.' },
        (administrator) => administrator.JoinedMethod,
      ),
      joinedTimestamp: t.expose('JoinedTimestamp', {
        type: 'DateTime',
        description: 'When the account joined the organization.',
      }),
      delegationEnabledDate: t.expose('DelegationEnabledDate', {
        type: 'DateTime',
        description: 'When it became a delegated administrator.',
      }),
      account: t.field({
        type: AccountRef,
        description: 'The account itself.',
        extensions: upstreamCost({
          knownMembers: ['Id', 'Arn', 'Email', 'Name', 'Status', 'State', 'JoinedMethod', 'JoinedTimestamp'],
        }),
        resolve: ({ DelegationEnabledDate: _date, ...account }) =>
          account.Id === undefined ? null : entityRef('Account', account.Id, account),
      }),
    }),
  });

const DelegatedAdministratorConnection = builder.connectionObject({
  type: DelegatedAdministratorRef,
  name: 'DelegatedAdministratorConnection',
  description: 'Delegated administrators.',
});

builder.objectField(OrganizationRef, 'delegatedAdministrators', (t) =>
  t.field({
    type: DelegatedAdministratorConnection,
    description: 'Its delegated administrators. Read from ListDelegatedAdministrators.',
    args: {
      servicePrincipal: t.arg.string({ description: 'Only those of this service, e.g. `config.amazonaws.com`.' }),
      ...connectionArgs,
    },
    extensions: upstreamCost({ requiresOwnOrganization: true, list: { bound: 'accounts' } }),
    resolve: (organization, { servicePrincipal, ...args }, context) =>
      ofOwn(context, organization, () =>
        readConnection(
          context,
          {
            operation: 'ListDelegatedAdministrators',
            input:
              servicePrincipal == null
                ? {}
                : {
                    ServicePrincipal: expectText(
                      'delegatedAdministrators(servicePrincipal:)',
                      'ServicePrincipal',
                      servicePrincipal,
                    ),
                  },
            key: (administrator) => administrator.Id,
            node: (administrator) => administrator,
          },
          args,
        ),
      ),
  }),
);

const DelegatedServiceRef = builder.objectRef<aws.DelegatedService>('DelegatedService').implement({
  description: 'A service that an account administers.',
  fields: (t) => ({
    servicePrincipal: t.exposeString('ServicePrincipal', { description: 'The service, e.g. `config.amazonaws.com`.' }),
    delegationEnabledDate: t.expose('DelegationEnabledDate', { type: 'DateTime', description: 'Since when.' }),
  }),
});

const DelegatedServiceConnection = builder.connectionObject({
  type: DelegatedServiceRef,
  name: 'DelegatedServiceConnection',
  description: 'Services that an account administers.',
});

builder.objectField(AccountRef, 'delegatedServices', (t) =>
  t.field({
    type: DelegatedServiceConnection,
    description:
      'Services that it administers for the organization; most accounts have none. Read from ' +
      'ListDelegatedServicesForAccount; for many accounts at once, only for those in ' +
      'ListDelegatedAdministrators.',
    args: connectionArgs,
    extensions: upstreamCost({
      list: { bound: 'services', scan: delegatedAccountsScan, maxHolders: 'delegatedAdministrators' },
    }),
    resolve: (account, args, context) => {
      // A reference may name an account of another organization.
      const isOwn = account.complete || account.isOwn === true;
      const reading = readConnection(
        context,
        {
          operation: 'ListDelegatedServicesForAccount',
          input: { AccountId: account.id },
          key: (service) => service.ServicePrincipal,
          node: (service) => service,
          ...(isOwn && {
            assemble: async () => ((await isDelegated(context, account.id)) === false ? [] : undefined),
          }),
        },
        args,
      );
      return emptyWhen('AccountNotRegisteredException', reading);
    },
  }),
);

const delegatedAccount = ({ input }: Written<'RegisterDelegatedAdministrator' | 'DeregisterDelegatedAdministrator'>) =>
  input.AccountId === undefined ? null : entityRef('Account', input.AccountId);

awsMutation('RegisterDelegatedAdministrator', {
  description: 'Lets a member account administer a service for the whole organization. For the management account.',
  input: (t) => ({
    accountId: t.id({ required: true, description: 'The member account.' }),
    servicePrincipal: t.string({
      required: true,
      description: 'The service, e.g. `config.amazonaws.com`. It needs access first.',
    }),
  }),
  payload: (t) => ({
    account: t.field({
      type: AccountRef,
      description: 'The account, with its services.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: delegatedAccount,
    }),
  }),
});

awsMutation('DeregisterDelegatedAdministrator', {
  description: 'Ends the delegation of a service to a member account. For the management account.',
  input: (t) => ({
    accountId: t.id({ required: true, description: 'The member account.' }),
    servicePrincipal: t.string({ required: true, description: 'The service, e.g. `config.amazonaws.com`.' }),
  }),
  payload: (t) => ({
    account: t.field({
      type: AccountRef,
      description: 'The account, with its remaining services.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: delegatedAccount,
    }),
  }),
});
