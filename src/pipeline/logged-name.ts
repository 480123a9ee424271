/** In characters. */
const MAX_LOGGED = 100;
/** https://spec.graphql.org/October2021/#Name */
const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

/** An operation's name as logs and traces have it: its first 100 characters. A client may send anything for it; what is no name in GraphQL is left out. */
export function loggedName(name: unknown): string | undefined {
  const shown = typeof name === 'string' ? name.slice(0, MAX_LOGGED) : '';
  return NAME.test(shown) ? shown : undefined;
}
