import { isAbstractType } from 'graphql';

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
    return `  ${type.name}: [\n${lines(names)}\n  ],`;
  });
  return `// Written by \`npm run schema\`. Do not edit.

/**
 * The object types of each interface and union of the graph. Apollo Client's \`InMemoryCache\` and urql's \`cacheExchange\`
 * have the option \`possibleTypes\` for it; without it, a cache cannot match a fragment such as \`... on Error\`.
 */
// biome-ignore format: one name on each line would be many hundred lines.
export const possibleTypes: Record<string, string[]> = {
${entries.join('\n')}
};

export default possibleTypes;
`;
}

/** As many names on each line as it takes. */
function lines(names) {
  const found = [];
  let line = '   ';
  for (const name of names) {
    if (line.length + name.length + 2 > MAX_LINE) {
      found.push(line);
      line = '   ';
    }
    line += ` ${name},`;
  }
  return [...found, line].join('\n');
}
