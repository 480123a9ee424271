import {
  type ASTNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** What a mutation is sent says nothing of what it costs, as long as it is there: a field whose input is wrong is not resolved, and costs nothing. */
const WITHOUT_INFLUENCE = 'input';
/** Of a cursor, it matters only whether there is one. */
const WHETHER = 'after';

/**
 * A key for the variables that an operation's cost can depend on, which are equal for two requests only if their costs are: of those that are used in a mutation's
 * input or as a cursor alone, whether they are there. One that is absent is not one that is null: it may have a default.
 */
export function influences(
  document: DocumentNode,
  definitions: readonly VariableDefinitionNode[],
): (variables: Variables) => string {
  if (definitions.length === 0) return () => '';
  const whole = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      const inPart = name.value === WITHOUT_INFLUENCE || (name.value === WHETHER && value.kind === Kind.VARIABLE);
      if (inPart) return;
      visit(value, {
        Variable({ name: variable }) {
          whole.add(variable.value);
        },
      });
    },
  });
  const names = definitions.map(({ variable }) => variable.name.value);
  const inWhole = names.filter((name) => whole.has(name));
  const inPart = names.filter((name) => !whole.has(name));
  return (variables) => {
    let key = '';
    for (const name of inPart) key += !Object.hasOwn(variables, name) ? 'a' : variables[name] == null ? 'n' : 'v';
    return key + valuesOf(variables, inWhole);
  };
}

/** Names of an operation's variables, but those that say nothing more than after which event a subscription begins. */
export function beyondStart(
  document: DocumentNode,
  { variableDefinitions = [], selectionSet }: OperationDefinitionNode,
): readonly string[] {
  const begin = new Set<ASTNode>();
  for (const field of selectionSet.selections)
    for (const each of field.kind === Kind.FIELD ? (field.arguments ?? []) : [])
      if (each.name.value === WHETHER) begin.add(each);
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Argument: (argument) => (begin.has(argument) ? false : undefined),
    Variable({ name }) {
      used.add(name.value);
    },
  });
  return variableDefinitions.map(({ variable }) => variable.name.value).filter((name) => used.has(name));
}

/** The values of some variables, as they were sent, as a text that is the same for no others. */
export function valuesOf(variables: Variables, names: readonly string[]): string {
  let text = '';
  for (const name of names) text += `,${Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : ''}`;
  return text;
}
