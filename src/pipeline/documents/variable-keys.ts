import { type ASTNode, type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** A mutation costs the same whatever its input contains: a field whose input is wrong is not resolved, and costs nothing. */
const INPUT = 'input';
const CURSOR = 'after';

/**
 * Returns a function that makes a key of an operation's variables, which is equal for two requests only if their costs are. Of variables that are used only in a
 * mutation's input or as a cursor, only their presence counts. Absent and null differ: an absent variable may have a default.
 */
export function costKeys(
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (variables: Variables) => string {
  if (variableDefinitions.length === 0) return () => '';
  const byValue = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      const isPresenceOnly = name.value === INPUT || (name.value === CURSOR && value.kind === Kind.VARIABLE);
      if (isPresenceOnly) return;
      visit(value, {
        Variable({ name: variable }) {
          byValue.add(variable.value);
        },
      });
    },
  });
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  const valued = names.filter((name) => byValue.has(name));
  const present = names.filter((name) => !byValue.has(name));
  return (variables) => {
    let key = '';
    for (const name of present) key += !Object.hasOwn(variables, name) ? 'a' : variables[name] == null ? 'n' : 'v';
    return key + valuesOf(variables, valued);
  };
}

/** Names of the variables that the result of a subscription's event depends on: all that are used, except as the cursor where the subscription begins. */
export function eventVariables(
  document: DocumentNode,
  { variableDefinitions = [], selectionSet }: OperationDefinitionNode,
): readonly string[] {
  const cursors = new Set<ASTNode>();
  for (const field of selectionSet.selections)
    for (const each of field.kind === Kind.FIELD ? (field.arguments ?? []) : [])
      if (each.name.value === CURSOR) cursors.add(each);
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Argument: (argument) => (cursors.has(argument) ? false : undefined),
    Variable({ name }) {
      used.add(name.value);
    },
  });
  return variableDefinitions.map(({ variable }) => variable.name.value).filter((name) => used.has(name));
}

/** The values of some variables, as they were sent, as a text that no other values have. */
export function valuesOf(variables: Variables, names: readonly string[]): string {
  let text = '';
  for (const name of names) text += `,${Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : ''}`;
  return text;
}
