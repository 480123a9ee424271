import { paramsOfJson } from '../http/json-body.ts';
import type { ServerPlugin } from './plugin.ts';

/** Reads the bodies of JSON that come Yoga's way as the lean way reads its own. */
export function useJsonBody(): ServerPlugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      // One that Yoga has no parser for is none that it answers.
      if (request.method !== 'POST' || requestParser === undefined) return;
      // The limit of a body's size hands on another request, whose body ends there.
      setRequestParser(async (limited) => paramsOfJson(await limited.text()) as object);
    },
  };
}
