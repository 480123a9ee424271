import { type GraphQLSchema, getVariableValues } from 'graphql';
import { printable } from '../config/printable.ts';
import { didYouMean } from '../config/suggest.ts';
import type { ToolDocument } from './read-documents.ts';
import { CONFIRMATION, PAGE } from './reserved-arguments.ts';
import { ToolError } from './tool-error.ts';

/** Arguments of a call, in bytes of JSON. */
const MAX_BYTES = 65_536;
/** Mistakes that a message names, and the characters of each, as they contain values. */
const MAX_MISTAKES = 10;
const MAX_CHARACTERS = 500;

export interface ToolArguments {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly page: string | undefined;
  readonly confirmationToken: string | undefined;
}

/**
 * Checks the arguments of a call as the gateway checks variables.
 *
 * @throws {ToolError} that names each mistake
 */
export function readArguments(
  schema: GraphQLSchema,
  { name, definition }: ToolDocument,
  given: Readonly<Record<string, unknown>>,
): ToolArguments {
  checkSize(given);
  const { [PAGE]: page, [CONFIRMATION]: confirmationToken, ...variables } = given;
  const definitions = definition.variableDefinitions ?? [];
  const isMutation = definition.operation === 'mutation';
  const known = [
    ...definitions.map(({ variable }) => variable.name.value),
    PAGE,
    ...(isMutation ? [CONFIRMATION] : []),
  ];
  const mistakes = Object.keys(given)
    .filter((argument) => !known.includes(argument))
    .map((argument) => `${name} has no argument ${JSON.stringify(argument)}${didYouMean(argument, known)}`);
  for (const [argument, value] of Object.entries({ [PAGE]: page, [CONFIRMATION]: confirmationToken }))
    if (value !== undefined && typeof value !== 'string') mistakes.push(`${argument}: expected a string`);
  const { errors = [] } = getVariableValues(schema, definitions, variables, { maxErrors: MAX_MISTAKES });
  mistakes.push(...errors.map(({ message }) => message));
  if (mistakes.length > 0) {
    const lines = mistakes.slice(0, MAX_MISTAKES).map((text) => printable(text.slice(0, MAX_CHARACTERS)));
    throw new ToolError(lines.join('\n'));
  }
  return { variables, page: page as string | undefined, confirmationToken: confirmationToken as string | undefined };
}

function checkSize(given: Readonly<Record<string, unknown>>): void {
  let size: number;
  try {
    size = Buffer.byteLength(JSON.stringify(given));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ToolError('The arguments nest too deep; send fewer levels.');
  }
  if (size > MAX_BYTES) throw new ToolError(`The arguments have ${size} bytes; the maximum is ${MAX_BYTES}.`);
}
