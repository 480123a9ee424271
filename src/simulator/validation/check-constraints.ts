import type { ErrorReason } from '../model/errors.ts';
import type { Shape } from '../model/shape.ts';
import { shapes } from '../model/shapes.ts';
import { throwInvalidInput } from '../service-error.ts';
import { isObject } from './check-types.ts';

type Reason = ErrorReason<'InvalidInputException'>;

/** Shapes that have reasons of their own in InvalidInputException's documentation. */
const patternReasons: Readonly<Record<string, Reason>> = {
  PolicyTargetId: 'INVALID_PATTERN_TARGET_ID',
  PolicyId: 'INVALID_SYNTAX_POLICY_ID',
};
const enumReasons: Readonly<Record<string, Reason>> = {
  PolicyType: 'INVALID_ENUM_POLICY_TYPE',
  EffectivePolicyType: 'INVALID_ENUM_POLICY_TYPE',
};

/** Shapes with free text, in which AWS rejects cross-site scripting. */
const freeText = new Set([
  'AccountName',
  'CreateAccountName',
  'HandshakeNotes',
  'OrganizationalUnitName',
  'PolicyDescription',
  'PolicyName',
  'ResponsibilityTransferName',
]);
const crossSiteScripting = /<\s*\/?\s*(?:script|iframe|object|embed)\b|javascript:|\bon\w+\s*=\s*["']/i;

/**
 * Checks the model's constraints: required members first, then each member in the model's order, a string's length
 * before its pattern and its values.
 *
 * @throws {ServiceError} InvalidInputException
 */
export function checkConstraints(value: unknown, shapeName: string, path = ''): void {
  const shape = shapes[shapeName];
  if (!shape || value === undefined || value === null) return;
  switch (shape.type) {
    case 'structure':
      if (!isObject(value)) return;
      for (const name of shape.required) {
        if (value[name] === undefined || value[name] === null) {
          throwInvalidInput('INPUT_REQUIRED', `${path}${name} is required`);
        }
      }
      for (const [name, member] of Object.entries(shape.members))
        checkConstraints(value[name], member, `${path}${name}.`);
      return;
    case 'list':
      if (Array.isArray(value)) checkMembers(value, shape.member, path.slice(0, -1));
      return;
    case 'integer':
      checkRange(Number(value), shape, path.slice(0, -1));
      return;
    case 'string':
      checkString(String(value), shape, shapeName, path.slice(0, -1));
  }
}

function checkMembers(values: readonly unknown[], member: string, path: string): void {
  const simple = shapes[member]?.type !== 'structure';
  for (const [index, value] of values.entries()) {
    if (value === null) throwInvalidInput('INVALID_LIST_MEMBER', `${path}[${index}] is null`);
    if (!simple) {
      checkConstraints(value, member, `${path}[${index}].`);
      continue;
    }
    const violation = violationOf(String(value), shapes[member], member);
    if (violation) throwInvalidInput('INVALID_LIST_MEMBER', `${path}[${index}] ${violation[1]}`);
  }
}

function checkRange(value: number, { min, max }: { readonly min: number; readonly max: number }, path: string): void {
  if (value < min) throwInvalidInput('MIN_VALUE_EXCEEDED', `${path} is ${value}: expected ${min} or more`);
  if (value > max) throwInvalidInput('MAX_VALUE_EXCEEDED', `${path} is ${value}: expected ${max} or less`);
}

function checkString(value: string, shape: Shape, shapeName: string, path: string): void {
  const violation = violationOf(value, shape, shapeName);
  if (violation) throwInvalidInput(violation[0], `${path} ${violation[1]}`);
}

function violationOf(value: string, shape: Shape | undefined, shapeName: string): [Reason, string] | undefined {
  if (shape?.type !== 'string') return undefined;
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern } = shape;
  // The model counts characters, but JavaScript UTF-16 units, of which there are at least as many.
  const length = value.length < min || value.length > max ? [...value].length : value.length;
  if (length < min) return ['MIN_LENGTH_EXCEEDED', `has ${length} characters: expected ${min} or more`];
  if (length > max) return ['MAX_LENGTH_EXCEEDED', `has ${length} characters: expected ${max} or less`];
  if (shape.enum && !shape.enum.includes(value)) {
    return [enumReasons[shapeName] ?? 'INVALID_ENUM', `is not one of ${shape.enum.join(', ')}`];
  }
  if (pattern && !pattern.test(value)) {
    return [patternReasons[shapeName] ?? 'INVALID_PATTERN', `does not match ${pattern.source.slice(4, -2)}`];
  }
  if (freeText.has(shapeName) && crossSiteScripting.test(value)) {
    return ['INVALID_PATTERN', 'contains what looks like cross-site scripting'];
  }
  return undefined;
}
