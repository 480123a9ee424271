import { useDeferStream } from '@graphql-yoga/plugin-defer-stream';
import { type GraphQLSchema, specifiedRules, type ValidationRule } from 'graphql';

/** Yoga's plugin has the rules of `@defer` and `@stream`; what it does to Yoga's own is done here to graphql-js's. */
export function incrementalRules(schema: GraphQLSchema): readonly ValidationRule[] {
  const params = { schema, documentAST: { kind: 'Document', definitions: [] }, rules: [...specifiedRules] };
  const added: ValidationRule[] = [];
  useDeferStream().onValidate?.({
    params,
    addValidationRule: (rule: ValidationRule) => void added.push(rule),
  } as never);
  return [...params.rules, ...added];
}
