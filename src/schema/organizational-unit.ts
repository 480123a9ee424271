import type { aws } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { type Entity, load, member, whole } from './entity.ts';
import { expectId } from './ids.ts';
import { parentFromList, parentFromPath } from './parent-of.ts';
import { NodeRef, OrganizationalUnitRef, ParentRef, PolicyTargetRef, TaggableRef } from './refs.ts';

OrganizationalUnitRef.implement({
  description: 'A container of accounts and of further organizational units, up to five levels deep below the root.',
  interfaces: [NodeRef, ParentRef, PolicyTargetRef, TaggableRef],
  fields: (t) => ({
    arn: t.string({
      description: 'Its Amazon Resource Name.',
      resolve: (unit, _args, context) => member(context, unit, 'Arn'),
    }),
    name: t.string({
      description: 'Its friendly name, unique among its siblings.',
      resolve: (unit, _args, context) => member(context, unit, 'Name'),
    }),
    path: t.string({
      description: 'The path from the organization to it: `o-…/r-…/ou-…/`.',
      resolve: (unit, _args, context) => member(context, unit, 'Path'),
    }),
    parent: t.field({
      type: ParentRef,
      description:
        'The root or organizational unit that holds it. Known from its path, so that it costs no call of its own.',
      resolve: async (unit, _args, context) => {
        const path = await member(context, unit, 'Path');
        return parentFromPath(path ?? undefined, unit.id) ?? parentFromList(context, unit.id);
      },
    }),
  }),
});

export const OrganizationalUnitConnection = builder.connectionObject(
  { type: OrganizationalUnitRef, name: 'OrganizationalUnitConnection', description: 'Organizational units.' },
  { name: 'OrganizationalUnitEdge', description: 'An organizational unit, with its cursor.' },
);

export const wholeOrganizationalUnit = (unit: aws.OrganizationalUnit): Entity<'OrganizationalUnit'> =>
  whole('OrganizationalUnit', unit.Id, unit);

builder.queryField('organizationalUnit', (t) =>
  t.field({
    type: OrganizationalUnitRef,
    description: 'An organizational unit by its id; null when the organization has none such. Costs one call.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `ou-ab12-11111111`.' }) },
    resolve: (_root, { id }, context) =>
      load(context, 'OrganizationalUnit', expectId('organizationalUnit(id:)', 'OrganizationalUnit', id)),
  }),
);
