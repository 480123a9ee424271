import type { aws } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import { upstreamCost } from './cost/rules.ts';
import { awsMutation } from './mutation.ts';
import { ofOwn, ownOrganization } from './organization.ts';
import { OrganizationRef } from './refs.ts';

const EnabledServicePrincipalRef = builder.objectRef<aws.EnabledServicePrincipal>('EnabledServicePrincipal').implement({
  description: 'A service of AWS that may work with the organization.',
  fields: (t) => ({
    servicePrincipal: t.exposeString('ServicePrincipal', { description: 'The service, e.g. `config.amazonaws.com`.' }),
    dateEnabled: t.expose('DateEnabled', { type: 'DateTime', description: 'Since when.' }),
  }),
});

const EnabledServicePrincipalConnection = builder.connectionObject({
  type: EnabledServicePrincipalRef,
  name: 'EnabledServicePrincipalConnection',
  description: 'Services that may work with an organization.',
});

builder.objectField(OrganizationRef, 'enabledServices', (t) =>
  t.field({
    type: EnabledServicePrincipalConnection,
    description: 'Services of AWS that may work with it. Read from ListAWSServiceAccessForOrganization.',
    args: connectionArgs,
    extensions: upstreamCost({ requiresOwnOrganization: true, list: { bound: 'services' } }),
    resolve: (organization, args, context) =>
      ofOwn(context, organization, () =>
        readConnection(
          context,
          {
            operation: 'ListAWSServiceAccessForOrganization',
            input: {},
            key: (service) => service.ServicePrincipal,
            node: (service) => service,
          },
          args,
        ),
      ),
  }),
);

awsMutation('EnableAWSServiceAccess', {
  description:
    'Lets a service of AWS work with the organization. For the management account; AWS advises to enable it in the service itself.',
  input: (t) => ({
    servicePrincipal: t.string({ required: true, description: 'The service, e.g. `config.amazonaws.com`.' }),
  }),
  payload: (t) => ({
    servicePrincipal: t.string({
      description: 'The service that gained access.',
      resolve: ({ input }) => input.ServicePrincipal ?? null,
    }),
    organization: t.field({
      type: OrganizationRef,
      description: 'The organization, with its services.',
      extensions: upstreamCost({ readOnce: 'Organization' }),
      resolve: (_written, _args, context) => ownOrganization(context),
    }),
  }),
});

awsMutation('DisableAWSServiceAccess', {
  description:
    'Takes the access from a service of AWS. For the management account; AWS advises to disable it in the service itself.',
  input: (t) => ({
    servicePrincipal: t.string({ required: true, description: 'The service, e.g. `config.amazonaws.com`.' }),
  }),
  payload: (t) => ({
    servicePrincipal: t.string({
      description: 'The service that lost access.',
      resolve: ({ input }) => input.ServicePrincipal ?? null,
    }),
    organization: t.field({
      type: OrganizationRef,
      description: 'The organization, with its services.',
      extensions: upstreamCost({ readOnce: 'Organization' }),
      resolve: (_written, _args, context) => ownOrganization(context),
    }),
  }),
});
