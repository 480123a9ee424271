import { printSchema } from 'graphql';
import { schema } from '../schema/index.ts';

/** The graph in the schema definition language, as `schema.graphql` has it. Types and fields are in alphabetical order. */
export function sdl(): string {
  return `${printSchema(schema)}\n`;
}
