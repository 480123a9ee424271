import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  SingleFieldSubscriptionsRule,
  specifiedRules,
} from 'graphql';
import { directivesOf } from '../../executor/index.ts';
import { LoadOnce } from '../load-once.ts';
import { withIncrementalDirectives } from './incremental-directives.ts';
import { singleRootField } from './single-root-field.ts';
import { createValidator } from './validate-document.ts';

export interface Validation {
  /** The schema, with `@defer` and `@stream`. */
  readonly schema: GraphQLSchema;
  /** What is wrong with a document. A promise when rules have to be loaded first, which rejects when they cannot be. */
  validate(document: DocumentNode): readonly GraphQLError[] | Promise<readonly GraphQLError[]>;
}

/** graphql-js's own, but for what it leaves to execution. */
const rules = specifiedRules.map((rule) => (rule === SingleFieldSubscriptionsRule ? singleRootField : rule));

/** With introspection off, the schema cannot be asked for, nor guessed from what an error proposes. */
export function createValidation(given: GraphQLSchema, introspection: boolean): Validation {
  const schema = withIncrementalDirectives(given);
  const always = introspection ? [] : [NoSchemaIntrospectionCustomRule];
  const plainly = createValidator(schema, [...rules, ...always]);
  const incrementally = new LoadOnce(async () => {
    const { incrementalRules } = await import('./incremental-rules.ts');
    return createValidator(schema, incrementalRules(schema));
  });
  const told = introspection ? (error: GraphQLError) => error : withoutProposals;
  return {
    schema,
    validate(document) {
      // Among the rules of `@defer` and `@stream` is one of graphql-js's own in a version that never gives up, however long it takes: they come after it.
      const errors = plainly(document);
      if (errors.length > 0) return errors.map(told);
      const directives = directivesOf(document);
      if (!directives.has('defer') && !directives.has('stream')) return NONE;
      const { loaded } = incrementally;
      return loaded?.(document).map(told) ?? incrementally.load().then((validate) => validate(document).map(told));
    },
  };
}

const NONE: readonly GraphQLError[] = [];

const withoutProposals = ({ message, nodes, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message.replace(/ Did you mean .*\?$/s, ''), { nodes: nodes ?? null, extensions });
