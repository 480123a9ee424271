import { type DocumentNode, Kind, type VariableDefinitionNode, visit } from 'graphql';

/** What a mutation is sent says nothing of what it costs. */
const WITHOUT_INFLUENCE = 'input';
/** Of a cursor, it matters only whether there is one. */
const WHETHER = 'after';

/**
 * A key for the variables that an operation's cost can depend on, which are equal for two requests only if their costs are: all but those that are used in
 * a mutation's input alone.
 */
export function influences(
  document: DocumentNode,
  definitions: readonly VariableDefinitionNode[],
): (variables: Readonly<Record<string, unknown>>) => string {
  if (definitions.length === 0) return () => '';
  const whole = new Set<string>();
  const whether = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      if (name.value === WITHOUT_INFLUENCE) return;
      if (name.value === WHETHER && value.kind === Kind.VARIABLE) {
        whether.add(value.name.value);
        return;
      }
      visit(value, {
        Variable({ name: variable }) {
          whole.add(variable.value);
        },
      });
    },
  });
  const names = definitions.map(({ variable }) => variable.name.value);
  const [inWhole, inPart] = [
    names.filter((name) => whole.has(name)),
    names.filter((name) => whether.has(name) && !whole.has(name)),
  ];
  if (inWhole.length === 0 && inPart.length === 0) return () => '';
  return (variables) =>
    JSON.stringify([inWhole.map((name) => variables[name]), inPart.map((name) => variables[name] == null)]);
}
