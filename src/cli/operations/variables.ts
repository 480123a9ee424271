import { Kind, type OperationDefinitionNode, print, type TypeNode, type VariableDefinitionNode } from 'graphql';
import { didYouMean } from '../../config/suggest.ts';

/** The values of `--var` by the name of the variable. */
export type VariableTexts = Readonly<Record<string, readonly string[]>>;

/**
 * Converts the values of `--var` to the types that the operation declares. Calls `onMistake` for values that have
 * another type, and for variables that are unknown or missing.
 */
export function parseVariables(
  { variableDefinitions = [] }: Pick<OperationDefinitionNode, 'variableDefinitions'>,
  texts: VariableTexts,
  onMistake: (text: string) => void,
): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  for (const name of Object.keys(texts))
    if (!names.includes(name))
      onMistake(`--var ${name}: the operation has no variable $${name}${didYouMean(name, names)}`);
  for (const definition of variableDefinitions) {
    const name = definition.variable.name.value;
    const given = Object.hasOwn(texts, name) ? texts[name] : undefined;
    if (given !== undefined) {
      try {
        variables[name] = parseValue(definition.type, given);
      } catch (error) {
        if (!(error instanceof InvalidValueError)) throw error;
        onMistake(`--var ${name}: '${error.value}' is invalid for ${print(definition.type)}; ${error.message}`);
      }
    } else if (isRequired(definition)) {
      onMistake(`the variable $${name} is missing; add --var ${name}=VALUE (${print(definition.type)})`);
    }
  }
  return variables;
}

const isRequired = ({ type, defaultValue }: VariableDefinitionNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined;

class InvalidValueError extends Error {
  readonly value: string;

  constructor(value: string, message: string) {
    super(message);
    this.value = value;
  }
}

function parseValue(type: TypeNode, texts: readonly string[]): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return parseValue(type.type, texts);
  const [first = '', ...others] = texts;
  if (type.kind === Kind.LIST_TYPE) {
    // A list in JSON, or an item for each option.
    if (others.length === 0 && first.trimStart().startsWith('[')) return parseJson(first);
    return texts.map((text) => parseValue(type.type, [text]));
  }
  if (others.length > 0) throw new InvalidValueError(texts.join(', '), 'expected one value');
  return parseNamed(type.name.value, first);
}

function parseNamed(type: string, text: string): unknown {
  switch (type) {
    case 'String':
    case 'ID':
      return text;
    case 'Int':
      if (/^-?\d{1,10}$/.test(text)) return Number(text);
      throw new InvalidValueError(text, 'expected an integer');
    case 'Float':
      if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
      throw new InvalidValueError(text, 'expected a number');
    case 'Boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new InvalidValueError(text, 'expected true or false');
    default:
      // Input objects are JSON; enum values, timestamps and other scalars are strings.
      return /^\s*[{[]/.test(text) ? parseJson(text) : text;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidValueError(text, `expected JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
