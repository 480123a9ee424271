import { useDeferStream } from '@graphql-yoga/plugin-defer-stream';
import type { GraphQLSchema, ValidationRule } from 'graphql';

/** The rules that Yoga's plugin adds to graphql-js's for `@defer` and `@stream`. */
export function incrementalRules(schema: GraphQLSchema): readonly ValidationRule[] {
  const params = { schema, documentAST: { kind: 'Document', definitions: [] }, rules: [] };
  const added: ValidationRule[] = [];
  useDeferStream().onValidate?.({
    params,
    addValidationRule: (rule: ValidationRule) => void added.push(rule),
  } as never);
  return added;
}
