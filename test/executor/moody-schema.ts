import {
  buildSchema,
  GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';

const typeDefs = /* GraphQL */ `
  interface Being { name: String! self: Being peers: [Being!] }
  type Cat implements Being { name: String! self: Being peers: [Being!] lives(at: Int = 9): Int! mood: Mood kittens: [Cat!]! any: [Any] }
  type Dog implements Being { name: String! self: Being peers: [Being!] weight: Float loud: Boolean! friend: Cat! litter: [[Dog]!] }
  union Any = Cat | Dog
  enum Mood { CALM WILD }
  scalar JSON
  type Query { cat: Cat dog(at: Int): Dog! cats(first: Int): [Cat!] dogs: [Dog] any: Any anys: [Any!]! being: Being text(at: Int!): String json: JSON strings: [String!]! }
  type Mutation { feed(at: Int): Cat walk: Dog! rename(at: Int): String! }
`;

/** Calls `value` only if it returns the value, which may hold promises that reject. */
type Mood = (value: () => unknown) => unknown;
const soon = <T>(answer: () => T) => Promise.resolve().then(answer);

/** Every way in which a resolver can answer at once … */
const quick: readonly Mood[] = [
  (value) => value(),
  (value) => value(),
  () => null,
  () => undefined,
  () => {
    throw new Error('thrown');
  },
  () => new Error('returned'),
  () => ({ not: 'what was expected' }),
  () => Number.NaN,
];
/** … and later. */
const slow: readonly Mood[] = [
  (value) => Promise.resolve(value()),
  (value) => soon(() => soon(value)),
  () => soon(() => null),
  () => Promise.reject(new GraphQLError('rejected', { extensions: { code: 'REJECTED' } })),
  () => soon(() => new GraphQLError('returned later')),
];

const strings = ['', 'plain', 'quo"te', 'back\\slash', 'line\nbreak', '\u0000', '\u2028', '😀', '\ud800 alone', 'ö'];

/** Returns what is thrown: thrown while a list is made, it would leave the promises before it unhandled. */
function caught(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

/** A method, as graphql-js calls it: with the arguments, the context and the info. */
function ownName(
  this: { kind: string },
  args: object,
  _context: unknown,
  { path, parentType, fieldName }: GraphQLResolveInfo,
) {
  return `${this.kind} ${JSON.stringify(args)} ${parentType}.${fieldName} ${JSON.stringify(path)}`;
}

/** A schema whose fields answer in every way that resolvers can, as `seed` says: the same for the same place in the response. */
export function moodySchema(seed: number, calm: number, speed: 'atOnce' | 'mixed'): GraphQLSchema {
  const schema = buildSchema(typeDefs);
  const moods = speed === 'mixed' ? [...quick, ...slow] : quick;
  const calmMoods = speed === 'mixed' ? [...quick.slice(0, 2), ...slow.slice(0, 2)] : quick.slice(0, 2);
  const later = speed === 'mixed' ? soon : <T>(answer: () => T) => answer();
  const hash = (text: string): number => {
    let h = seed | 0;
    for (let i = 0; i < text.length; i += 1) h = (Math.imul(h ^ text.charCodeAt(i), 0x5bd1e995) ^ (h >>> 13)) | 0;
    return Math.abs(h);
  };
  const moodOf = (place: string): Mood => {
    const h = hash(place);
    const from = h % 100 < calm ? calmMoods : moods;
    return from[(h >>> 8) % from.length] as Mood;
  };
  const named = (place: string) => ({
    place,
    name:
      hash(place) % 3 === 0
        ? ownName
        : (quick[hash(place) % quick.length] as Mood)(() => strings[hash(place) % strings.length]),
  });
  const made = (type: string, place: string, n: number): unknown => {
    const h = hash(`${place}?${n}`);
    const list = /^\[(.*)\]!?$/.exec(type);
    if (list?.[1] !== undefined)
      return Array.from({ length: h % 4 }, (_, i) =>
        caught(() => moodOf(`${place}.${i}!`)(() => made(list[1] as string, `${place}.${i}`, n))),
      );
    switch (type.replace('!', '')) {
      case 'String':
        return strings[h % strings.length];
      case 'Int':
        return n + (h % 10);
      case 'Float':
        return h / 7;
      case 'Boolean':
        return h % 2 === 0;
      case 'Mood':
        return ['CALM', 'WILD', 'UNHEARD-OF'][h % 3];
      case 'JSON':
        return { deep: [1, 'two', { three: null }], at: new Date(h) };
      case 'Any':
      case 'Being':
        return { ...named(place), kind: ['Cat', 'Dog', 'Cat', 'Dog', 'Unknown', undefined][h % (calm > 80 ? 4 : 6)] };
      default:
        return { ...named(place), kind: type.replace('!', '') };
    }
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInterfaceType(type) || isUnionType(type)) {
      type.resolveType = (value: { kind?: string; place: string }) =>
        hash(value.place) % 2 === 0 ? value.kind : later(() => value.kind);
    }
    if (!isObjectType(type)) continue;
    if (type.name === 'Dog')
      type.isTypeOf = (value: { kind?: string }) =>
        (seed % 2 === 0 ? 'kind' in value : later(() => 'kind' in value)) as boolean;
    for (const field of Object.values(type.getFields())) {
      const returns = String(field.type);
      // Graphql-js's own resolver, for a property and for a method.
      if (field.name === 'name') continue;
      field.resolve = (source, args) => {
        const place = `${(source as { place?: string } | undefined)?.place ?? ''}/${field.name}(${JSON.stringify(args)})`;
        return moodOf(place)(() => made(returns, place, Number(Object.values(args)[0] ?? 0)));
      };
    }
  }
  return schema;
}
