import type { aws } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { connectionArgs, emptyConnection, type ListSource, readConnection } from './connection.ts';
import { upstreamCost } from './cost/rules.ts';
import { entityRef } from './entity.ts';
import { typeOfId } from './ids.ts';
import { awsMutation } from './mutation.ts';
import { NodeRef, type TaggableEntity, TaggableRef, TagRef } from './refs.ts';

TagRef.implement({
  description: 'A key and a value, attached to a resource.',
  fields: (t) => ({
    key: t.string({
      nullable: false,
      description: 'Up to 128 characters, unique on its resource.',
      resolve: (tag) => tag.Key ?? '',
    }),
    value: t.string({
      nullable: false,
      description: 'Up to 256 characters; may be empty.',
      resolve: (tag) => tag.Value ?? '',
    }),
  }),
});

const TagConnection = builder.connectionObject({
  type: TagRef,
  name: 'TagConnection',
  description: 'Tags of a resource.',
});

TaggableRef.implement({
  description: 'A resource that can bear tags.',
  interfaces: [NodeRef],
  resolveType: (entity) => entity.typename,
  fields: (t) => ({
    tags: t.field({
      type: TagConnection,
      description:
        "Its tags; a policy of AWS's own has none. For the management account and delegated administrators. Read from ListTagsForResource.",
      args: connectionArgs,
      extensions: upstreamCost({ list: { bound: 'tags' } }),
      resolve: (resource, args, context) => {
        const source: ListSource<'ListTagsForResource', aws.Tag> = {
          operation: 'ListTagsForResource',
          input: { ResourceId: resource.id },
          key: (tag) => tag.Key,
          node: (tag) => tag,
        };
        return isAwsManaged(resource) ? emptyConnection(context, source, args) : readConnection(context, source, args);
      },
    }),
  }),
});

/**
 * AWS's own policies have no tags: ListTagsForResource answers InvalidInputException for them. If only the id of a
 * policy is known, the id decides; the id of a customer's policy can have capital letters, too.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html
 */
function isAwsManaged({ typename, id, known }: TaggableEntity): boolean {
  if (typename !== 'Policy') return false;
  const managed = 'AwsManaged' in known ? known.AwsManaged : undefined;
  return managed ?? (id === 'p-FullAWSAccess' || id === 'p-RCPFullAWSAccess');
}

/** A tag in an input. */
export const TagInput = builder.inputType('TagInput', {
  description: 'A tag to attach.',
  fields: (t) => ({
    key: t.string({ required: true, description: '1 to 128 letters, digits, spaces or any of _.:/=+-@' }),
    value: t.string({ required: true, description: 'Up to 256 letters, digits, spaces or any of _.:/=+-@' }),
  }),
});

/** The resource of a request, whose members are read anew. */
function taggable(id: string | undefined): TaggableEntity | null {
  const type = id === undefined ? undefined : typeOfId(id);
  if (id === undefined || type === undefined) return null;
  if (type === 'Organization' || type === 'Handshake' || type === 'CreateAccountStatus') return null;
  return entityRef(type, id);
}

awsMutation('TagResource', {
  description: 'Attaches tags to a resource. For the management account and delegated administrators.',
  input: (t) => ({
    resourceId: t.id({
      required: true,
      description: 'An account, root, organizational unit, policy, resource policy or transfer.',
    }),
    tags: t.field({
      type: [TagInput],
      required: true,
      description: 'Tags to attach. An existing key gets the new value.',
    }),
  }),
  payload: (t) => ({
    resource: t.field({
      type: TaggableRef,
      description: 'The resource, with its tags.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: ({ input }) => taggable(input.ResourceId),
    }),
  }),
});

awsMutation('UntagResource', {
  description: 'Removes tags from a resource. For the management account and delegated administrators.',
  input: (t) => ({
    resourceId: t.id({
      required: true,
      description: 'An account, root, organizational unit, policy, resource policy or transfer.',
    }),
    tagKeys: t.stringList({
      required: true,
      description: 'Keys of the tags to remove. Keys that the resource does not have are ignored.',
    }),
  }),
  payload: (t) => ({
    resource: t.field({
      type: TaggableRef,
      description: 'The resource, with its tags.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: ({ input }) => taggable(input.ResourceId),
    }),
  }),
});
