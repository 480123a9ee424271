import { DEFAULT_HEADERS, SECURITY_HEADERS } from '../http/headers.ts';
import type { ServerPlugin } from './plugin.ts';

/** The headers that all answers have, on those of Yoga. */
export function useSecurityHeaders(): ServerPlugin {
  return {
    onResponse({ response: { headers } }) {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
      for (const [name, value] of Object.entries(DEFAULT_HEADERS)) if (!headers.has(name)) headers.set(name, value);
    },
  };
}
