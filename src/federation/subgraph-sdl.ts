import { type DefinitionNode, type GraphQLSchema, Kind, parse, print, printSchema } from 'graphql';
import { nodeNames } from '../schema/ids.ts';

/** The version of Federation that the directives are of. Newer gateways accept it. */
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n\n';

const entities: ReadonlySet<string> = new Set(nodeNames);

const directive = (text: string) => {
  const [definition] = parse(`type Holder ${text} { id: ID }`).definitions;
  return definition?.kind === Kind.OBJECT_TYPE_DEFINITION ? (definition.directives ?? []) : [];
};

const key = directive('@key(fields: "id")');
const shareable = directive('@shareable');

function annotate(definition: DefinitionNode): readonly DefinitionNode[] {
  // Gateways execute @defer and @stream themselves.
  if (definition.kind === Kind.DIRECTIVE_DEFINITION) return [];
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [definition];
  const name = definition.name.value;
  if (entities.has(name)) return [{ ...definition, directives: key }];
  // Relay's type: other subgraphs define it, too.
  return [name === 'PageInfo' ? { ...definition, directives: shareable } : definition];
}

/** Prints the schema as a subgraph of Federation 2, for composition. */
export function printSubgraph(schema: GraphQLSchema): string {
  const document = parse(printSchema(schema), { noLocation: true });
  return `${LINK}${print({ ...document, definitions: document.definitions.flatMap(annotate) })}\n`;
}
