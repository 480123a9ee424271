import type { aws } from '../upstream/index.ts';
import { ancestorsCost, ancestorsDescription, loadAncestors } from './ancestors.ts';
import { builder } from './builder.ts';
import { upstreamCost } from './cost/rules.ts';
import {
  type Entity,
  fromMember,
  load,
  loadedEntity,
  mapMaybePromise,
  parentFromList,
  parentFromPath,
  resolveMember,
} from './entity.ts';
import { expectId } from './ids.ts';
import { awsMutation } from './mutation.ts';
import { HistoryRef, NodeRef, OrganizationalUnitRef, ParentRef, PolicyTargetRef, TaggableRef } from './refs.ts';
import { requires } from './scopes.ts';
import { TagInput } from './tag.ts';

OrganizationalUnitRef.implement({
  description: 'A container of accounts and of further organizational units, up to five levels deep below the root.',
  interfaces: [NodeRef, HistoryRef, ParentRef, PolicyTargetRef, TaggableRef],
  fields: (t) => ({
    name: t.string({ description: 'Its friendly name, unique among its siblings.', ...fromMember('Name') }),
    path: t.string({ description: 'The path from the organization to it: `o-…/r-…/ou-…/`.', ...fromMember('Path') }),
    parent: t.field({
      type: ParentRef,
      description:
        'The root or organizational unit that holds it. Known from its path, so that it costs no call of its own.',
      extensions: upstreamCost({ members: ['Path'], knownMembers: ['Path'] }),
      resolve: (unit, _args, context) =>
        mapMaybePromise(
          resolveMember(context, unit, 'Path'),
          (path) => parentFromPath(path ?? undefined) ?? parentFromList(context, unit.id),
        ),
    }),
    ancestors: t.field({
      type: [ParentRef],
      description: `The root and the organizational units above it, the root first. ${ancestorsDescription}`,
      extensions: upstreamCost({ members: ['Path'], ...ancestorsCost }),
      resolve: (unit, _args, context) =>
        mapMaybePromise(resolveMember(context, unit, 'Path'), (path) => loadAncestors(context, unit.id, path)),
    }),
  }),
});

export const OrganizationalUnitConnection = builder.connectionObject({
  type: OrganizationalUnitRef,
  name: 'OrganizationalUnitConnection',
  description: 'Organizational units.',
});

export const wholeOrganizationalUnit = (unit: aws.OrganizationalUnit): Entity<'OrganizationalUnit'> =>
  loadedEntity('OrganizationalUnit', unit.Id, unit);

builder.queryField('organizationalUnit', (t) =>
  t.field({
    type: OrganizationalUnitRef,
    description: 'An organizational unit by its id; null if the organization has none with it. Costs one call.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `ou-ab12-11111111`.' }) },
    extensions: { ...upstreamCost({ typesReadById: () => ['OrganizationalUnit'] }), ...requires('read') },
    resolve: (_root, { id }, context) =>
      load(context, 'OrganizationalUnit', expectId('organizationalUnit(id:)', 'OrganizationalUnit', id)),
  }),
);

awsMutation('CreateOrganizationalUnit', {
  description: 'Creates an organizational unit. For the management account.',
  input: (t) => ({
    parentId: t.id({ required: true, description: 'The root or organizational unit to create it in.' }),
    name: t.string({ required: true, description: '1 to 128 characters, unique among its siblings.' }),
    tags: t.field({ type: [TagInput], description: 'Tags for the new unit.' }),
  }),
  payload: (t) => ({
    organizationalUnit: t.field({
      type: OrganizationalUnitRef,
      description: 'The new unit.',
      resolve: ({ output }) => output.OrganizationalUnit && wholeOrganizationalUnit(output.OrganizationalUnit),
    }),
  }),
});

awsMutation('UpdateOrganizationalUnit', {
  description: 'Renames an organizational unit. For the management account.',
  input: (t) => ({
    organizationalUnitId: t.id({ required: true, description: 'The unit to rename.' }),
    name: t.string({ description: 'Its new name: 1 to 128 characters, unique among its siblings.' }),
  }),
  payload: (t) => ({
    organizationalUnit: t.field({
      type: OrganizationalUnitRef,
      description: 'The renamed unit.',
      resolve: ({ output }) => output.OrganizationalUnit && wholeOrganizationalUnit(output.OrganizationalUnit),
    }),
  }),
});

awsMutation('DeleteOrganizationalUnit', {
  description: 'Deletes an organizational unit that holds nothing. For the management account.',
  input: (t) => ({ organizationalUnitId: t.id({ required: true, description: 'The unit to delete.' }) }),
  payload: (t) => ({
    deletedOrganizationalUnitId: t.id({
      description: 'Id of the deleted unit.',
      resolve: ({ input }) => input.OrganizationalUnitId ?? null,
    }),
  }),
});
