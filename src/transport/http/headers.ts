/** What is not GraphiQL is no page: if a browser takes it for one, it loads and runs nothing. */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** No page may frame GraphiQL (clickjacking), and nothing is taken for another type than it is sent as. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Of every answer that does not say otherwise. */
export const DEFAULT_HEADERS = {
  'content-security-policy': NOTHING,
  'cache-control': 'no-store',
} as const;

/** Both, as names and values in turn, as Node writes them. */
export const COMMON_HEADERS: readonly string[] = Object.entries({ ...SECURITY_HEADERS, ...DEFAULT_HEADERS }).flat();
