import { buildSchema, type GraphQLEnumType, GraphQLError, type GraphQLScalarType, type GraphQLSchema } from 'graphql';

/** A schema whose inputs have every corner there is: nested and recursive ones, defaults, lists of lists, `@oneOf`, scalars that refuse in every way, enums whose values are others inside. */
export function cornerSchema(): GraphQLSchema {
  const schema = buildSchema(`
    scalar Even
    scalar Picky
    scalar Anything
    enum Colour { RED GREEN BLUE NOTHING }
    input Leaf {
      id: ID!
      n: Int = 3
      f: Float
      yes: Boolean! = true
      texts: [String!]! = ["a", "b"]
      constructor: String
      toString: Int
      nothing: String = null
    }
    input Tree {
      leaf: Leaf!
      leaves: [[Leaf]!]
      colour: Colour = GREEN
      colours: [Colour!] = [RED]
      child: Tree
      any: Anything
      even: Even
      picky: [Picky!]
      one: One
      byDefault: Leaf = { id: "x", n: null }
    }
    input Proto { __proto__: Anything = 1 n: Int }
    input One @oneOf { a: Int b: [String] c: Leaf d: Colour }
    type Query {
      one(one: One, required: One!): Int
      tree(tree: Tree!, n: Int! = 4, even: Even): Int
      lists(a: [[Int!]], b: [[Int]!]! = [[1]], c: [Tree], any: Anything): Int
      leaf(leaf: Leaf = { id: "y" }, colour: Colour! = BLUE, picky: Picky, yes: Boolean): Int
    }
  `);
  const even = schema.getType('Even') as GraphQLScalarType;
  even.parseValue = (value) => {
    if (typeof value !== 'number') throw new TypeError('no number');
    if (value % 2 !== 0) throw new Error(`${value} is odd`);
    return value === 0 ? undefined : { half: value / 2 };
  };
  even.parseLiteral = (node) => even.parseValue('value' in node ? Number(node.value) : 'none');
  const picky = schema.getType('Picky') as GraphQLScalarType;
  picky.parseValue = (value) => {
    if (value !== 'please') throw new GraphQLError('Say please.', { extensions: { code: 'RUDE' } });
    return null;
  };
  const colour = schema.getType('Colour') as GraphQLEnumType;
  const inside: unknown[] = [{ r: 255 }, 7, 'GREEN', null];
  for (const [index, value] of colour.getValues().entries()) value.value = inside[index];
  return schema;
}
