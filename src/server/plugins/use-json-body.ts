import { badRequest, paramsOfJson } from '../http/json-body.ts';
import type { ServerPlugin } from './plugin.ts';

/** Of a request by GET, those that are JSON. */
const JSON_PARAMS = ['variables', 'extensions'] as const;

/**
 * Reads the bodies of JSON that come Yoga's way as the lean way reads its own, and refuses parameters of a URL that
 * are no JSON, for which Yoga has no error.
 */
export function useJsonBody(): ServerPlugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
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
      setRequestParser(async (limited) => paramsOfJson(await limited.text()) as object);
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
