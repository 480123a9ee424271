import { isJsonObject, type JsonObject, parseJsonObject } from './json.ts';
import { parsePolicyDocument, parseStringList } from './policy-document.ts';

/**
 * Returns the action patterns that Deny statements of a policy name, without looking at resources and conditions:
 * sorted, each once. A statement with NotAction denies all other actions, and is listed as `* except iam:*, sts:*`.
 * Statements that cannot be read, and documents that are not JSON, have no patterns: see `diagnosePolicy`.
 *
 * @param document the policy's content: JSON text, or the parsed object
 */
export function deniedActions(document: JsonObject | string): readonly string[] {
  const parsed = typeof document === 'string' ? parseJsonObject(document) : { ok: true as const, value: document };
  if (!parsed.ok || !isJsonObject(parsed.value)) return [];
  const patterns = parsePolicyDocument(parsed.value).statements.flatMap(({ elements }) => {
    const { Effect: effect, Action: action, NotAction: notAction } = elements;
    if (effect !== 'Deny') return [];
    const spared = parseStringList(notAction);
    return [...(parseStringList(action) ?? []), ...(spared ? [`* except ${spared.join(', ')}`] : [])];
  });
  return [...new Set(patterns)].sort();
}
