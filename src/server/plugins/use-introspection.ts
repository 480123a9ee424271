import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';
import type { ServerPlugin } from './plugin.ts';

/** With introspection off, the schema cannot be asked for, nor guessed from what an error proposes. */
export function useIntrospection(allowed: boolean): ServerPlugin {
  if (allowed) return {};
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      return ({ result, setResult }) =>
        setResult(
          result.map(({ message, nodes, extensions }) =>
            createGraphQLError(message.replace(/ Did you mean .*\?$/s, ''), { nodes, extensions }),
          ),
        );
    },
  };
}
