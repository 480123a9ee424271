/** A node of graphql's abstract syntax tree. Its members depend on `kind`. */
interface Node {
  readonly kind: string;
  readonly [member: string]: unknown;
}

interface ParsedDocument {
  readonly loc?: unknown;
  readonly definitions: readonly unknown[];
}

/**
 * Prints a parsed executable document. graphql's `print` would add its package to the bundle of every page.
 * @throws TypeError for a node that is not part of an executable document.
 */
export function printDocument({ loc, definitions }: ParsedDocument): string {
  const source = (loc as { readonly source?: { readonly body?: unknown } } | undefined)?.source?.body;
  // A document with fragments from elsewhere keeps the source of its first part only.
  const isComplete = typeof source === 'string' && definitions.every((each) => isFrom(source, each));
  return isComplete ? source : definitions.map((each) => print(each as Node)).join(' ');
}

const isFrom = (source: string, node: unknown): boolean =>
  (node as { readonly loc?: { readonly source?: { readonly body?: unknown } } }).loc?.source?.body === source;

const nodes = (value: unknown): readonly Node[] => (value ?? []) as readonly Node[];
const name = ({ name: node }: Node): string => String((node as Node | undefined)?.['value'] ?? '');
const all = (value: unknown, separator = ' '): string => nodes(value).map(print).join(separator);
const inParentheses = (value: unknown): string => (nodes(value).length > 0 ? `(${all(value)})` : '');
const optional = (value: unknown, prefix = ''): string => (value ? `${prefix}${print(value as Node)}` : '');
const rest = (node: Node): string => ` ${all(node['directives'])} ${optional(node['selectionSet'])}`;

const printers: Readonly<Record<string, (node: Node) => string>> = {
  OperationDefinition: (node) =>
    `${node['operation']} ${name(node)}${inParentheses(node['variableDefinitions'])}${rest(node)}`,
  FragmentDefinition: (node) => `fragment ${name(node)} on ${optional(node['typeCondition'])}${rest(node)}`,
  VariableDefinition: (node) =>
    `${optional(node['variable'])}: ${optional(node['type'])}${optional(node['defaultValue'], ' = ')} ${all(node['directives'])}`,
  SelectionSet: (node) => `{ ${all(node['selections'])} }`,
  Field: (node) =>
    `${node['alias'] ? `${optional(node['alias'])}: ` : ''}${name(node)}${inParentheses(node['arguments'])}${rest(node)}`,
  FragmentSpread: (node) => `...${name(node)}${rest(node)}`,
  InlineFragment: (node) => `...${optional(node['typeCondition'], ' on ')}${rest(node)}`,
  Directive: (node) => `@${name(node)}${inParentheses(node['arguments'])}`,
  Argument: (node) => `${name(node)}: ${optional(node['value'])}`,
  ObjectField: (node) => `${name(node)}: ${optional(node['value'])}`,
  Name: (node) => String(node['value']),
  Variable: (node) => `$${name(node)}`,
  NamedType: name,
  ListType: (node) => `[${optional(node['type'])}]`,
  NonNullType: (node) => `${optional(node['type'])}!`,
  IntValue: (node) => String(node['value']),
  FloatValue: (node) => String(node['value']),
  EnumValue: (node) => String(node['value']),
  BooleanValue: (node) => String(node['value']),
  NullValue: () => 'null',
  // JSON's escapes are those of GraphQL.
  StringValue: (node) => JSON.stringify(node['value']),
  ListValue: (node) => `[${all(node['values'], ', ')}]`,
  ObjectValue: (node) => `{${all(node['fields'], ', ')}}`,
};

function print(node: Node): string {
  const printer = printers[node.kind];
  if (printer === undefined) throw new TypeError(`A subscription's document cannot have a ${node.kind}.`);
  return printer(node);
}
