import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
} from 'graphql';
import { LoadOnce } from '../load-once.ts';
import { withIncrementalDirectives } from './incremental-directives.ts';
import { usesDirective } from './uses-directive.ts';
import { createValidator } from './validate-document.ts';

export interface Validation {
  /** The schema, with `@defer` and `@stream`. */
  readonly schema: GraphQLSchema;
  /**
   * What is wrong with a document; `plain`: it has no directive. As its sender is told. A promise when rules have to be loaded first, which rejects when they
   * cannot be.
   */
  validate(document: DocumentNode, plain: boolean): readonly GraphQLError[] | Promise<readonly GraphQLError[]>;
}

/** With introspection off, the schema cannot be asked for, nor guessed from what an error proposes. */
export function createValidation(given: GraphQLSchema, introspection: boolean): Validation {
  const schema = withIncrementalDirectives(given);
  const always = introspection ? [] : [NoSchemaIntrospectionCustomRule];
  const plainly = createValidator(schema, [...specifiedRules, ...always]);
  const whole = new LoadOnce(async () => {
    const { incrementalRules } = await import('./incremental-rules.ts');
    return createValidator(schema, [...incrementalRules(schema), ...always]);
  });
  const told = introspection ? (error: GraphQLError) => error : withoutProposals;
  return {
    schema,
    validate(document, plain) {
      if (plain) return plainly(document).map(told);
      if (whole.loaded !== undefined) return whole.loaded(document).map(told);
      // The rules of `@defer` and `@stream` say nothing of a document without them. They bring one of graphql-js's own in another version and order, so that what
      // is wrong is told by them: only what is right is right by either.
      if (!usesDirective(document, 'defer', 'stream') && plainly(document).length === 0) return NONE;
      return whole.load().then((wholly) => wholly(document).map(told));
    },
  };
}

const NONE: readonly GraphQLError[] = [];

const withoutProposals = ({ message, nodes, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message.replace(/ Did you mean .*\?$/s, ''), { nodes: nodes ?? null, extensions });
