import type { aws } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import { requireOwn } from './organization.ts';
import { OrganizationRef } from './refs.ts';

const EnabledServicePrincipalRef = builder.objectRef<aws.EnabledServicePrincipal>('EnabledServicePrincipal').implement({
  description: 'A service of AWS that may work with the organization.',
  fields: (t) => ({
    servicePrincipal: t.string({
      description: 'The service, e.g. `config.amazonaws.com`.',
      resolve: (service) => service.ServicePrincipal ?? null,
    }),
    dateEnabled: t.field({
      type: 'DateTime',
      description: 'Since when.',
      resolve: (service) => service.DateEnabled ?? null,
    }),
  }),
});

const EnabledServicePrincipalConnection = builder.connectionObject(
  {
    type: EnabledServicePrincipalRef,
    name: 'EnabledServicePrincipalConnection',
    description: 'Services that may work with an organization.',
  },
  { name: 'EnabledServicePrincipalEdge', description: 'A service, with its cursor.' },
);

builder.objectField(OrganizationRef, 'enabledServices', (t) =>
  t.field({
    type: EnabledServicePrincipalConnection,
    nullable: false,
    description: 'Services of AWS that may work with it. Read from ListAWSServiceAccessForOrganization.',
    args: connectionArgs,
    resolve: async (organization, args, context) => {
      await requireOwn(context, organization);
      return readConnection(
        context,
        {
          operation: 'ListAWSServiceAccessForOrganization',
          input: {},
          key: (service) => service.ServicePrincipal,
          node: (service) => service,
        },
        args,
      );
    },
  }),
);
