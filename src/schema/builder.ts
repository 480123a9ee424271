import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import type { GraphContext } from './context.ts';

export interface SchemaTypes {
  Context: GraphContext;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
  /** The members of every connection beside Relay's own. */
  Connection: {
    totalCount(): number | Promise<number>;
    /** The whole reply with the first page, for a list whose reply has more members than its items. */
    reply?(): Promise<{ Path?: string | undefined; EvaluationTimestamp?: Date | undefined }>;
  };
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
}

/** The Pothos builder. Each domain's file defines its types with it. */
export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ErrorsPlugin, RelayPlugin],
  errors: {
    // A mutation's payload stands in the result union by itself, without a wrapper: `<Operation>Payload | exceptions`.
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  relay: {
    // AWS's ids are global already, so the plugin's encoded ids, its `node` and its `nodes` are not used (see node.ts).
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    cursorType: 'String',
    cursorFieldOptions: {
      description:
        'Opaque; `after: cursor` continues after this item. Valid for this list, its arguments and the principal.',
    },
    edgesFieldOptions: { nullable: { list: false, items: false }, description: 'The items, each with its cursor.' },
    nodeFieldOptions: { nullable: false, description: 'The item itself.' },
    defaultEdgeTypeOptions: { description: 'An item of a list, with its cursor.' },
    nodesOnConnection: { description: 'The items without their cursors.' },
    pageInfoFieldOptions: { description: 'Where this page lies in the whole list.' },
    pageInfoTypeOptions: {
      description:
        'Where a page lies in the whole list, as Relay defines it. Lists go forward only, as those of AWS do.',
    },
    hasNextPageFieldOptions: {
      nullable: false,
      description:
        'Whether there may be more items after the last edge. It follows NextToken, so the next page can be empty.',
    },
    hasPreviousPageFieldOptions: { nullable: false, description: 'Whether this page begins after a cursor.' },
    startCursorFieldOptions: { description: 'Cursor of the first edge; null when there is none.' },
    endCursorFieldOptions: { description: 'Cursor of the last edge: pass it as `after` to continue.' },
  },
});

builder.queryType({
  description: 'Queries. `extensions.upstream` of each response reports the AWS calls that it cost.',
});
builder.mutationType({
  description:
    'One field per changing operation of AWS Organizations, under its name. A result is the payload, or one of the exceptions that AWS declares for the operation.',
});
builder.subscriptionType({
  description:
    'Changes, as they are observed. A subscriber receives the current state as SNAPSHOT events, then a BOOKMARK, then every change in order, exactly once.',
});
