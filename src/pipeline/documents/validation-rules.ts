import {
  type DocumentNode,
  GraphQLError,
  GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  type ValidationRule,
} from 'graphql';
import { directivesOf } from '../../executor/index.ts';
import { incrementalDirectives } from '../../schema/incremental-directives.ts';
import { singleRootField } from './single-root-field.ts';
import { createValidator } from './validate-document.ts';

export interface Validation {
  /** The schema, with `@defer` and `@stream`. */
  readonly schema: GraphQLSchema;
  /** The errors of a document. A promise while the rules of `@defer` and `@stream` are loaded; it may reject. */
  validate(document: DocumentNode): readonly GraphQLError[] | Promise<readonly GraphQLError[]>;
}

/** graphql-js's own, except for what it leaves to execution. */
const rules = specifiedRules.map((rule) => (rule === SingleFieldSubscriptionsRule ? singleRootField : rule));

/** With introspection off, clients cannot query the schema, nor guess it from proposals in errors. */
export function createValidation(given: GraphQLSchema, introspection: boolean): Validation {
  const schema = withIncrementalDirectives(given);
  const always = introspection ? [] : [NoSchemaIntrospectionCustomRule];
  const validate = createValidator(schema, [...rules, ...always]);
  let incremental: ReturnType<typeof createValidator> | undefined;
  const report = introspection ? (error: GraphQLError) => error : withoutProposals;
  return {
    schema,
    validate(document) {
      // Among the rules of `@defer` and `@stream` is one of graphql-js's own in a version that never gives up, however
      // long it takes: they come after it.
      const errors = validate(document);
      if (errors.length > 0) return errors.map(report);
      const directives = directivesOf(document);
      if (!directives.has('defer') && !directives.has('stream')) return NONE;
      if (incremental !== undefined) return incremental(document).map(report);
      return loadIncrementalRules(schema).then((added) => {
        incremental ??= createValidator(schema, added);
        return incremental(document).map(report);
      });
    },
  };
}

const NONE: readonly GraphQLError[] = [];

const withoutProposals = ({ message, nodes, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message.replace(/ Did you mean .*\?$/s, ''), { nodes: nodes ?? null, extensions });

function withIncrementalDirectives(schema: GraphQLSchema): GraphQLSchema {
  const lacking = incrementalDirectives.filter(({ name }) => !schema.getDirective(name));
  if (lacking.length === 0) return schema;
  return new GraphQLSchema({ ...schema.toConfig(), directives: [...schema.getDirectives(), ...lacking] });
}

/** The rules that Yoga's plugin adds to graphql-js's for `@defer` and `@stream`. */
async function loadIncrementalRules(schema: GraphQLSchema): Promise<readonly ValidationRule[]> {
  const { useDeferStream } = await import('@graphql-yoga/plugin-defer-stream');
  const params = { schema, documentAST: { kind: 'Document', definitions: [] }, rules: [] };
  const added: ValidationRule[] = [];
  useDeferStream().onValidate?.({
    params,
    addValidationRule: (rule: ValidationRule) => void added.push(rule),
  } as never);
  return added;
}
