import { type ControlPolicyType, checkControlPolicy, maxPolicyCharacters } from './check-control-policy.ts';
import type { PolicyWarning } from './condition-warnings.ts';
import { describeJson, isJsonObject, type JsonOffsets, type Problem, readJson } from './json.ts';
import { createPositions, type JsonPosition, locate } from './json-position.ts';
import { warnAboutPolicy } from './policy-warnings.ts';

/** A place in a policy that AWS would reject, or that is likely a mistake. */
export interface PolicyDiagnostic extends JsonPosition {
  /** ERROR: CreatePolicy rejects the document. WARNING: AWS accepts it. */
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: PolicyWarning['code'] | 'INVALID_JSON' | 'TOO_LONG';
  /** `Statement[0].Condition.StringIs`; empty for the whole document. */
  readonly path: string;
  /** One sentence without a full stop. */
  readonly message: string;
}

/** More are of no use to a reader. The limit bounds the answer to a hostile document. */
export const MAX_DIAGNOSTICS = 100;
/** Longer texts are not parsed. */
const MAX_PARSED_CHARACTERS = 65_536;

/**
 * Returns what AWS would reject in the content of an SCP or RCP, then what is likely a mistake, each in the order of
 * the document; at most 100 of them.
 */
export function diagnosePolicy(type: ControlPolicyType, content: string): readonly PolicyDiagnostic[] {
  const positionOf = createPositions(content.slice(0, MAX_PARSED_CHARACTERS));
  const error = (code: PolicyDiagnostic['code'], path: string, message: string, offset: number): PolicyDiagnostic => ({
    severity: 'ERROR',
    code,
    path,
    message,
    ...positionOf(offset),
  });
  const size = [...content.slice(0, MAX_PARSED_CHARACTERS)].length;
  const max = maxPolicyCharacters[type];
  const tooLong = `expected at most ${max} characters, found ${content.length > MAX_PARSED_CHARACTERS ? 'more' : size}`;
  const sizeErrors = size > max ? [error('TOO_LONG', '', tooLong, 0)] : [];
  if (content.length > MAX_PARSED_CHARACTERS) return sizeErrors;

  const offsets: JsonOffsets = new Map();
  const read = readJson(content, offsets);
  if (!read.ok) return [...sizeErrors, error('INVALID_JSON', '', read.expected, read.offset)];
  const start = content.search(/\S/);
  const { value } = read;
  if (!isJsonObject(value)) {
    return [...sizeErrors, error('INVALID_ELEMENT', '', `expected a JSON object, found ${describeJson(value)}`, start)];
  }
  const byOffset = <Found extends { readonly path: string }>(found: readonly Found[]) =>
    found
      .slice(0, MAX_DIAGNOSTICS)
      .map((each) => ({ ...each, offset: locate(value, each.path, offsets, start) }))
      .sort((one, other) => one.offset - other.offset);
  const errors = byOffset<Problem>(checkControlPolicy(type, value)).map(({ unevaluable, path, expected, offset }) =>
    error(unevaluable ?? 'INVALID_VALUE', path, expected, offset),
  );
  const warnings = byOffset<PolicyWarning>(warnAboutPolicy(type, value)).map(
    ({ offset, ...warning }): PolicyDiagnostic => ({ severity: 'WARNING', ...warning, ...positionOf(offset) }),
  );
  return [...sizeErrors, ...errors, ...warnings].slice(0, MAX_DIAGNOSTICS);
}
