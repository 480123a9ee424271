import { paramsOfJson } from '../http/json-body.ts';
import type { ServerPlugin } from './plugin.ts';

/** Parses JSON bodies for Yoga as the JSON POST handler does, and charges the caller for it. */
export function useJsonBody(): ServerPlugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, serverContext }) {
      // One that Yoga has no parser for is none that it answers.
      if (request.method !== 'POST' || requestParser === undefined) return;
      // The limit of a body's size hands on another request, whose body ends there.
      setRequestParser(async (limited) => {
        const text = await limited.text();
        const begun = performance.now();
        try {
          return paramsOfJson(text) as object;
        } finally {
          serverContext.charge?.(performance.now() - begun);
        }
      });
    },
  };
}
