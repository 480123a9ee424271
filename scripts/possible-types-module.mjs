import { isAbstractType } from 'graphql';

/** A longer line is broken, as `npm run format` would break it. */
const MAX_LINE = 120;

/** The text of a module with the object types of each interface and union of the schema, which caches need to match fragments. */
export function possibleTypesModule(schema) {
  const abstractTypes = Object.values(schema.getTypeMap())
    .filter((type) => isAbstractType(type))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = abstractTypes.map((type) => {
    const names = schema
      .getPossibleTypes(type)
      .map(({ name }) => `'${name}'`)
      .sort();
    const line = `  ${type.name}: [${names.join(', ')}],`;
    return line.length <= MAX_LINE ? line : `  ${type.name}: [\n${names.map((name) => `    ${name},\n`).join('')}  ],`;
  });
  return `// Written by \`npm run schema\`. Do not edit.

/**
 * The object types of each interface and union of the graph. Apollo Client's \`InMemoryCache\` and urql's \`cacheExchange\`
 * have the option \`possibleTypes\` for it; without it, a cache cannot match a fragment such as \`... on Error\`.
 */
export const possibleTypes: Record<string, string[]> = {
${entries.join('\n')}
};

export default possibleTypes;
`;
}
