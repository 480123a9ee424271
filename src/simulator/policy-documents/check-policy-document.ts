import { checkControlPolicy } from '../../control-policies/check-control-policy.ts';
import {
  describeJson,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Problem,
  parseJsonObject,
} from '../../control-policies/json.ts';
import type { EffectivePolicyType, PolicyType } from '../model/enums.ts';
import { documentShapes, isEffectivePolicyType, type Shape, shapeOfKey, topLevelKeys } from './document-shapes.ts';
import {
  childControl,
  isOperatorKey,
  isValueOperator,
  operatorsByType,
  type ValueOperator,
} from './inheritance-operators.ts';
import { checkTagPolicy } from './tag-policy.ts';

/**
 * Returns the problems of a policy's content. Any problem fails CreatePolicy and UpdatePolicy with
 * MalformedPolicyDocumentException; the size is checked elsewhere (`policySize`, `policyLimits`).
 */
export function checkPolicyDocument(type: PolicyType, text: string): readonly Problem[] {
  const parsed = parseJsonObject(text);
  if (!parsed.ok) return [parsed.problem];
  if (isEffectivePolicyType(type)) return checkDeclarativePolicy(type, parsed.value);
  return checkControlPolicy(type, parsed.value);
}

/**
 * Checks the top-level key, the operators with their operands, and the settings of a declarative (management) policy.
 * `validateEffectivePolicy` checks rules that only the merged policy can break, such as required keys.
 */
function checkDeclarativePolicy(type: EffectivePolicyType, document: JsonObject): readonly Problem[] {
  const top = topLevelKeys[type] ?? Object.keys(document).find((key) => !isOperatorKey(key));
  if (top === undefined) return [{ path: '', expected: `expected one key at the top of a ${type}` }];
  const others = Object.keys(document).filter((key) => key !== top);
  const body = document[top];
  const problems: Problem[] = others.map((key) => ({
    path: key,
    expected: `expected "${top}" as the only key at the top of a ${type}`,
  }));
  if (body === undefined) {
    if (others.length === 0) problems.push({ path: '', expected: `expected the key "${top}" at the top of a ${type}` });
    return problems;
  }
  if (!isJsonObject(body))
    return [...problems, { path: top, expected: `expected an object, found ${describeJson(body)}` }];
  problems.push(...new DocumentChecker(type).check([top], body, documentShapes[type]));
  if (type === 'TAG_POLICY') problems.push(...checkTagPolicy(body));
  return problems;
}

class DocumentChecker {
  readonly #type: EffectivePolicyType;

  constructor(type: EffectivePolicyType) {
    this.#type = type;
  }

  check(path: readonly string[], value: JsonValue, shape: Shape): readonly Problem[] {
    const where = path.join('/');
    if (!isJsonObject(value)) return this.#checkBareValue(where, value, shape);
    const operators = Object.keys(value).filter(isOperatorKey);
    const names = Object.keys(value).filter((key) => !isOperatorKey(key));
    const problems = operators.flatMap((operator) =>
      this.#checkOperator(where, operator, value[operator] ?? null, shape),
    );
    const setsValue = operators.some(isValueOperator);
    if (setsValue && names.length > 0) {
      problems.push({
        path: where,
        expected: `expected either operators that set a value or further keys, found both (${names.join(', ')})`,
      });
      return problems;
    }
    if (isMap(shape) && setsValue) {
      problems.push({
        path: where,
        expected: 'expected keys with settings of their own, found an operator that sets a value',
      });
    }
    return [...problems, ...names.flatMap((name) => this.#checkKey([...path, name], value[name] ?? null, shape))];
  }

  #checkKey(path: readonly string[], value: JsonValue, shape: Shape): readonly Problem[] {
    const below = shapeOfKey(shape, path.at(-1) ?? '');
    if (below !== undefined) return this.check(path, value, below);
    const known = isMap(shape)
      ? `one of ${Object.keys(shape.keys).join(', ')}`
      : 'an operator that sets a value, such as @@assign';
    return [{ path: path.join('/'), expected: `expected ${known} instead of this key` }];
  }

  /** AWS's samples of upgrade rollout policies have settings without an operator. Other types require one. */
  #checkBareValue(where: string, value: JsonValue, shape: Shape): readonly Problem[] {
    if (this.#type === 'UPGRADE_ROLLOUT_POLICY' && !isMap(shape)) return checkOperand(where, '@@assign', value, shape);
    const wanted = isMap(shape) ? 'an object' : 'an object with an operator, such as {"@@assign": …}';
    return [{ path: where, expected: `expected ${wanted}, found ${describeJson(value)}` }];
  }

  #checkOperator(where: string, operator: string, operand: JsonValue, shape: Shape): Problem[] {
    const path = `${where}/${operator}`;
    const allowed = operatorsByType[this.#type];
    if (operator === childControl) return checkChildControl(path, operand, allowed.childControl, this.#type);
    if (!isValueOperator(operator) || !allowed.values.includes(operator)) {
      return [
        { path, expected: `expected ${[...allowed.values, childControl].join(', ')} as operators of a ${this.#type}` },
      ];
    }
    return [...checkOperand(path, operator, operand, shape)];
  }
}

function isMap(shape: Shape): shape is Extract<Shape, { keys: unknown }> {
  return typeof shape === 'object' && 'keys' in shape;
}

function checkChildControl(path: string, operand: JsonValue, allowed: readonly string[], type: string): Problem[] {
  const expected = `expected a list of ${allowed.join(', ')} (in a ${type})`;
  if (!isJsonArray(operand) || operand.length === 0)
    return [{ path, expected: `${expected}, found ${describeJson(operand)}` }];
  return operand
    .filter((item) => typeof item !== 'string' || !allowed.includes(item))
    .map((item) => ({ path, expected: `${expected}, found ${describeJson(item)}` }));
}

function checkOperand(path: string, operator: ValueOperator, operand: JsonValue, shape: Shape): readonly Problem[] {
  const setting = typeof shape === 'object' && 'setting' in shape ? shape : undefined;
  if (setting?.setting === 'single' && operator !== '@@assign') {
    return [{ path, expected: 'expected @@assign, as this setting has a single value' }];
  }
  const wantsList = operator !== '@@assign' || setting?.setting === 'list';
  if (wantsList && !isJsonArray(operand))
    return [{ path, expected: `expected a list of values, found ${describeJson(operand)}` }];
  if (setting?.setting === 'single' && isJsonArray(operand)) {
    return [{ path, expected: `expected a single value, found ${describeJson(operand)}` }];
  }
  const values = isJsonArray(operand) ? operand : [operand];
  return values
    .filter(
      (value) => value === null || typeof value === 'object' || setting?.value?.pattern.test(String(value)) === false,
    )
    .map((value) => {
      const description = setting?.value?.description ?? 'text, a number or a boolean';
      return { path, expected: `expected ${description}, found ${describeJson(value)}` };
    });
}
