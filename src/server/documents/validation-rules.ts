import { useDeferStream } from '@graphql-yoga/plugin-defer-stream';
import {
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  type ValidationRule,
} from 'graphql';

/** A schema with `@defer` and `@stream`, and the rules that documents over it have to keep. */
export interface Validation {
  readonly schema: GraphQLSchema;
  readonly rules: readonly ValidationRule[];
  /** What its sender is told of an error. */
  told(error: GraphQLError): GraphQLError;
}

/** With introspection off, the schema cannot be asked for, nor guessed from what an error proposes. */
export function createValidation(schema: GraphQLSchema, introspection: boolean): Validation {
  const rules = [...specifiedRules];
  let extended = schema;
  // Yoga's plugin has the directives and their rules; what it does to Yoga is done here to what the plugin is given.
  const { onSchemaChange, onValidate } = useDeferStream();
  onSchemaChange?.({
    schema,
    replaceSchema(replaced: GraphQLSchema) {
      extended = replaced;
    },
  });
  const added: ValidationRule[] = [];
  const params = { schema: extended, documentAST: { kind: 'Document', definitions: [] }, rules };
  onValidate?.({ params, addValidationRule: (rule: ValidationRule) => void added.push(rule) } as never);
  return {
    schema: extended,
    rules: [...params.rules, ...added, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])],
    told: introspection ? (error) => error : withoutProposals,
  };
}

const withoutProposals = ({ message, nodes, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message.replace(/ Did you mean .*\?$/s, ''), { nodes: nodes ?? null, extensions });
