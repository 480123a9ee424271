import { type Truth, unknownBecause } from './truth.ts';
import { compilePattern, parsePattern } from './wildcards.ts';

/** @param action `service:Name` in lower case */
export type ActionTest = (action: string) => Truth;

/** Whether a pattern is for all actions of all services. */
export function isEveryAction(pattern: string): boolean {
  return pattern === '*' || pattern === '*:*';
}

/**
 * Compiles a pattern of Action or NotAction. Wildcards are allowed in the name, not in the service prefix.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function compileAction(text: string, path: string): ActionTest {
  if (isEveryAction(text)) return () => true;
  const pattern = text.toLowerCase();
  const matches = compilePattern(parsePattern(pattern));
  const colon = pattern.indexOf(':');
  const prefix = colon < 0 ? pattern : pattern.slice(0, colon);
  if (!/[*?]/.test(prefix)) return matches;
  const message = `AWS does not say what wildcards in the service prefix of ${JSON.stringify(text)} match`;
  const unclear = unknownBecause({ reason: 'UNDOCUMENTED_RULE', path, message });
  return (action) => (matches(action) ? unclear : false);
}
