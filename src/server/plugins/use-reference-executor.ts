import { BREAK, type DocumentNode, execute, subscribe, visit } from 'graphql';
import type { ServerPlugin } from './plugin.ts';

/**
 * Runs operations with graphql-js itself. Yoga's own executor puts a result's fields in the order in which they were
 * resolved; the specification wants them in the order in which they were asked for (section 6.4, "Response Map Ordering").
 * It keeps the operations that graphql-js 16 cannot run: those with `@defer` or `@stream`.
 */
export function useReferenceExecutor(): ServerPlugin {
  const known = new WeakMap<DocumentNode, boolean>();
  const incremental = (document: DocumentNode): boolean => {
    const before = known.get(document);
    if (before !== undefined) return before;
    const found = hasIncrementalDirective(document);
    known.set(document, found);
    return found;
  };
  return {
    onExecute({ args, setExecuteFn }) {
      if (!incremental(args.document)) setExecuteFn(execute);
    },
    onSubscribe({ args, setSubscribeFn }) {
      if (!incremental(args.document)) setSubscribeFn(subscribe);
    },
  };
}

function hasIncrementalDirective(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive({ name }) {
      if (name.value !== 'defer' && name.value !== 'stream') return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}
