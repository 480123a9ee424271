import { badRequest, paramsOfJson } from '../http/json-body.ts';
import type { ServerPlugin } from './plugin.ts';

/** Of a request by GET, those that are JSON. */
const JSON_PARAMS = ['variables', 'extensions'] as const;

/**
 * Parses JSON bodies for Yoga as the JSON POST handler does, and charges the caller for it. Rejects parameters of a URL
 * that are not JSON, for which Yoga has no error.
 */
export function useJsonBody(): ServerPlugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, serverContext }) {
      // One that Yoga has no parser for is none that it answers.
      if (requestParser === undefined) return;
      if (request.method === 'GET') {
        setRequestParser((given) => {
          const { searchParams } = new URL(given.url);
          for (const name of JSON_PARAMS) checkJson(name, searchParams.get(name));
          return requestParser(given);
        });
      }
      if (request.method !== 'POST') return;
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

/** An empty one counts as none. */
function checkJson(name: string, text: string | null): void {
  if (text === null || text === '') return;
  try {
    JSON.parse(text);
  } catch {
    throw badRequest(`The parameter "${name}" of the URL is invalid JSON.`);
  }
}
