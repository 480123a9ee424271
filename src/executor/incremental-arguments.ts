import { type DocumentNode, getArgumentValues, visit } from 'graphql';
import { badInput } from '../schema/ids.ts';
import { incrementalDirectives } from '../schema/incremental-directives.ts';

/**
 * Looks at what `@defer` and `@stream` are given: their executor takes what is wrong with it, which with variables is found out here at the earliest, for an error of its own.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function checkIncrementalArguments(document: DocumentNode, variables: Readonly<Record<string, unknown>>): void {
  visit(document, {
    Directive(node) {
      const directive = incrementalDirectives.find(({ name }) => name === node.name.value);
      if (directive === undefined) return;
      const { initialCount = 0, if: is } = getArgumentValues(directive, node, variables);
      if (is !== false && !(typeof initialCount === 'number' && initialCount >= 0))
        throw badInput('@stream(initialCount:)', `${initialCount} is no number of items; say 0 or more.`, node);
    },
  });
}
