import type { ControlPolicyType } from '../../control-policies/index.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../control-policies/json.ts';

/** Counts what policies consist of. */
export function createStatistics() {
  const groups = {
    types: new Map(),
    elements: new Map(),
    operators: new Map(),
    keys: new Map(),
    variables: new Map(),
  } as Record<'types' | 'elements' | 'operators' | 'keys' | 'variables', Map<string, number>>;
  const count = (group: keyof typeof groups, name: string) =>
    groups[group].set(name, (groups[group].get(name) ?? 0) + 1);

  const addStatement = (statement: JsonObject) => {
    const { Effect: effect, Condition: condition, Sid: _, ...others } = statement;
    count('elements', `Effect ${typeof effect === 'string' ? effect : 'missing'}`);
    for (const name of Object.keys(others)) count('elements', name);
    if (condition !== undefined) count('elements', 'Condition');
    for (const [operator, tests] of isJsonObject(condition) ? Object.entries(condition) : []) {
      count('operators', operator);
      for (const key of isJsonObject(tests) ? Object.keys(tests) : []) count('keys', withoutTagKey(key));
    }
    for (const text of textsOf(statement)) {
      for (const [, name = ''] of text.matchAll(/\$\{([^},]*)/g)) count('variables', withoutTagKey(name.trim()));
    }
  };

  return {
    add(type: ControlPolicyType, { Statement: statements }: JsonObject): void {
      count('types', type);
      const list = isJsonArray(statements) ? statements : statements === undefined ? [] : [statements];
      for (const statement of list) if (isJsonObject(statement)) addStatement(statement);
    },
    format(): string {
      const lines = Object.entries(groups).map(([group, counts]) => {
        const sorted = [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
        return `${group}: ${sorted.map(([name, times]) => `${name} ${times}`).join(', ') || 'none'}`;
      });
      return lines.join('\n');
    },
  };
}

/** Counts the keys of all tags as one. */
function withoutTagKey(key: string): string {
  return key.replace(/^(aws:(?:Principal|Request|Resource)Tag)\/.*$/is, '$1/…');
}

function textsOf(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isJsonArray(value)) return value.flatMap(textsOf);
  return isJsonObject(value) ? Object.values(value).flatMap(textsOf) : [];
}
