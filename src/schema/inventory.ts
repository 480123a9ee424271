import type { InventoryListStatus, InventoryStatus } from '../inventory/types.ts';
import type { WallMs } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { upstreamCost } from './cost/rules.ts';
import { ofOwn } from './organization.ts';
import { OrganizationRef } from './refs.ts';

const InventoryState = builder.enumType('InventoryState', {
  description: 'Where a copy is.',
  values: {
    LOADING: { description: 'It has never been complete.' },
    READY: { description: 'It is complete, and not older than the setting `maxAgeMs`.' },
    STALE: { description: 'It is complete, and older.' },
    UNAVAILABLE: { description: 'AWS refuses the reads, or they fail.' },
  },
});

export const dateOf = (time: WallMs | undefined): Date | null => (time === undefined ? null : new Date(time));

const InventoryListRef = builder.objectRef<InventoryListStatus>('InventoryList').implement({
  description: 'One list of the copy.',
  fields: (t) => ({
    name: t.exposeString('name', {
      nullable: false,
      description:
        'accounts, organizationalUnits, policies, policyAttachments, policyContents, tags, delegatedAdministrators, enabledServices, resourcePolicy, organizationHandshakes, accountHandshakes, inboundResponsibilityTransfers, outboundResponsibilityTransfers or createAccountStatuses.',
    }),
    state: t.expose('state', { type: InventoryState, nullable: false, description: 'Where it is.' }),
    asOf: t.field({
      type: 'DateTime',
      description: 'When the reading of its oldest part began; null if it was never complete.',
      resolve: ({ asOf }) => dateOf(asOf),
    }),
    nextRefreshAt: t.field({
      type: 'DateTime',
      description: 'When it is read next; null while that is not planned.',
      resolve: ({ nextRefreshAt }) => dateOf(nextRefreshAt),
    }),
    progress: t.exposeFloat('progress', {
      nullable: false,
      description: 'The part of the present sweep that is done, 0 to 1; 1 between sweeps, and 0 before the first.',
    }),
    objects: t.exposeInt('objects', { nullable: false, description: 'How many objects it has.' }),
    calls: t.exposeInt('calls', { nullable: false, description: 'How many calls its last complete sweep took.' }),
    error: t.exposeString('error', { description: 'Why the last read failed; null after a success.' }),
  }),
});

export const InventoryRef = builder.objectRef<InventoryStatus>('Inventory').implement({
  description:
    'The copy of the organization in memory (setting `inventory`), which a background sweep keeps up to date.',
  fields: (t) => ({
    state: t.expose('state', { type: InventoryState, nullable: false, description: 'Where it is.' }),
    asOf: t.field({
      type: 'DateTime',
      description: 'When the reading of its oldest part began; null while a part has never been read.',
      resolve: ({ asOf }) => dateOf(asOf),
    }),
    progress: t.exposeFloat('progress', {
      nullable: false,
      description: 'The part of the present sweep, or of the first one, that is done: 0 to 1.',
    }),
    lists: t.field({
      type: [InventoryListRef],
      nullable: { list: false, items: false },
      description: 'Its lists, each with its own age.',
      resolve: ({ lists }) => [...lists],
    }),
  }),
});

builder.objectField(OrganizationRef, 'inventory', (t) =>
  t.field({
    type: InventoryRef,
    description: "The copy of the principal's organization; null if it is not kept. Costs no call.",
    extensions: upstreamCost({ requiresOwnOrganization: true }),
    resolve: (organization, _args, context) =>
      ofOwn(context, organization, () => context.settings.copyOf(context.principal)?.status ?? null),
  }),
);
