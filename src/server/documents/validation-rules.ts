import { useDeferStream } from '@graphql-yoga/plugin-defer-stream';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  type ValidationRule,
} from 'graphql';
import { createValidator } from './validate-document.ts';

export interface Validation {
  /** The schema, with `@defer` and `@stream`. */
  readonly schema: GraphQLSchema;
  /** What is wrong with a document; `plain`: it has no directive. As its sender is told. */
  validate(document: DocumentNode, plain: boolean): readonly GraphQLError[];
}

/** With introspection off, the schema cannot be asked for, nor guessed from what an error proposes. */
export function createValidation(schema: GraphQLSchema, introspection: boolean): Validation {
  const extended = withIncrementalDirectives(schema);
  const always = introspection ? [] : [NoSchemaIntrospectionCustomRule];
  const plainly = createValidator(extended.schema, [...specifiedRules, ...always]);
  const wholly = createValidator(extended.schema, [...extended.rules, ...always]);
  const told = introspection ? (error: GraphQLError) => error : withoutProposals;
  return {
    schema: extended.schema,
    // The rules of `@defer` and `@stream` say nothing of a document without directives.
    validate: (document, plain) => (plain ? plainly : wholly)(document).map(told),
  };
}

/** Yoga's plugin has the directives and their rules; what it does to Yoga is done here to what the plugin is given. */
function withIncrementalDirectives(schema: GraphQLSchema) {
  const { onSchemaChange, onValidate } = useDeferStream();
  let extended = schema;
  onSchemaChange?.({
    schema,
    replaceSchema(replaced: GraphQLSchema) {
      extended = replaced;
    },
  });
  const params = { schema: extended, documentAST: { kind: 'Document', definitions: [] }, rules: [...specifiedRules] };
  const added: ValidationRule[] = [];
  onValidate?.({ params, addValidationRule: (rule: ValidationRule) => void added.push(rule) } as never);
  return { schema: extended, rules: [...params.rules, ...added] };
}

const withoutProposals = ({ message, nodes, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message.replace(/ Did you mean .*\?$/s, ''), { nodes: nodes ?? null, extensions });
