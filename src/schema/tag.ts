import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import { TaggableRef, TagRef } from './refs.ts';

TagRef.implement({
  description: 'A key and a value that somebody attached to a resource.',
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

const TagConnection = builder.connectionObject(
  { type: TagRef, name: 'TagConnection', description: 'Tags of a resource.' },
  { name: 'TagEdge', description: 'A tag, with its cursor.' },
);

TaggableRef.implement({
  description: 'A resource that can bear tags.',
  resolveType: (entity) => entity.typename,
  fields: (t) => ({
    tags: t.field({
      type: TagConnection,
      nullable: false,
      description: 'Its tags. For the management account and delegated administrators. Read from ListTagsForResource.',
      args: connectionArgs,
      resolve: (resource, args, context) =>
        readConnection(
          context,
          {
            operation: 'ListTagsForResource',
            input: { ResourceId: resource.id },
            key: (tag) => tag.Key,
            node: (tag) => tag,
          },
          args,
        ),
    }),
  }),
});

/** A tag in an input. */
export const TagInput = builder.inputType('TagInput', {
  description: 'A tag to attach.',
  fields: (t) => ({
    key: t.string({ required: true, description: '1 to 128 letters, digits, spaces or any of _.:/=+-@' }),
    value: t.string({ required: true, description: 'Up to 256 letters, digits, spaces or any of _.:/=+-@' }),
  }),
});
