import { execute, subscribe } from 'graphql';
import { createUsesDirective } from '../uses-directive.ts';
import type { ServerPlugin } from './plugin.ts';

/**
 * Runs operations with graphql-js itself. Yoga's own executor puts a result's fields in the order in which they were
 * resolved; the specification wants them in the order in which they were asked for (section 6.4, "Response Map Ordering").
 * It keeps the operations that graphql-js 16 cannot run: those with `@defer` or `@stream`.
 */
export function useReferenceExecutor(): ServerPlugin {
  const incremental = createUsesDirective('defer', 'stream');
  return {
    onExecute({ args, setExecuteFn }) {
      if (!incremental(args.document)) setExecuteFn(execute);
    },
    onSubscribe({ args, setSubscribeFn }) {
      if (!incremental(args.document)) setSubscribeFn(subscribe);
    },
  };
}
