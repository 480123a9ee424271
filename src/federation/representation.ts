import { GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { badInput, type NodeName, nodeNames, typeOfId } from '../schema/ids.ts';
import { quoted } from '../schema/quoted.ts';

/** A reference of a gateway to an entity. Other members that gateways send are dropped. */
export interface Representation {
  readonly __typename: string;
  readonly id: string;
}

function parse(value: unknown): Representation {
  const { __typename, id } = typeof value === 'object' && value !== null ? (value as Partial<Representation>) : {};
  if (typeof __typename === 'string' && typeof id === 'string') return { __typename, id };
  throw badInput(
    '_entities(representations:)',
    `${quoted(value)} is not a representation. Expected are the strings __typename and id, such as ` +
      '{ "__typename": "Account", "id": "123456789012" }.',
  );
}

/** The scalar of representations. Federation defines its name. */
export const Any = new GraphQLScalarType<Representation, Representation>({
  name: '_Any',
  description: 'A reference to an entity: an object with its `__typename` and its `id`.',
  parseValue: parse,
  parseLiteral: (node, variables) => parse(valueFromASTUntyped(node, variables)),
});

/** Returns the type of the entity; undefined if the id does not have the shape of that type's ids. */
export function entityType({ __typename, id }: Representation): NodeName | undefined {
  const type = typeOfId(id);
  return type === __typename && nodeNames.includes(type) ? type : undefined;
}
