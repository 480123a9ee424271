import { quoted } from '../quoted.ts';

/** The constraints of a string shape in AWS's API model. */
export interface TextRule {
  /** In characters. */
  readonly min?: number;
  readonly max?: number;
  /** Matches the whole text. */
  readonly pattern?: RegExp;
  /** Describes the pattern in error messages. */
  readonly expected?: string;
  /** InvalidInputException's reason for a string that does not match the pattern. Default: INVALID_PATTERN. */
  readonly reason?: 'INVALID_PATTERN_TARGET_ID' | 'INVALID_SYNTAX_POLICY_ID';
}

const tagCharacters = 'letters, digits, spaces and any of _.:/=+-@';

/**
 * String shapes of AWS's API model (botocore, organizations/2016-11-28, Apache-2.0), by name. AWS rejects violations
 * with InvalidInputException, so the gateway rejects them without a call.
 */
export const textRules = {
  AccountId: { max: 12, pattern: /^\d{12}$/, expected: '12 digits' },
  CreateAccountName: { min: 1, max: 50, pattern: /^[ -~]+$/, expected: 'printable ASCII characters' },
  Email: { min: 6, max: 64, pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, expected: 'an e-mail address' },
  HandshakeId: { max: 34, pattern: /^h-[0-9a-z]{8,32}$/, expected: 'h- and 8 to 32 of [0-9a-z]' },
  HandshakeNotes: { max: 1024 },
  HandshakePartyId: { min: 1, max: 64 },
  OrganizationalUnitId: {
    max: 68,
    pattern: /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/,
    expected: 'ou-, 4 to 32 of [0-9a-z], - and 8 to 32 of [a-z0-9]',
  },
  OrganizationalUnitName: { min: 1, max: 128 },
  ParentId: {
    max: 100,
    pattern: /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
    expected: 'the id of a root (r-…) or of an organizational unit (ou-…)',
  },
  PolicyContent: { min: 1 },
  PolicyDescription: { max: 512 },
  PolicyId: {
    max: 130,
    pattern: /^p-[0-9a-zA-Z_]{8,128}$/,
    expected: 'p- and 8 to 128 of [0-9a-zA-Z_]',
    reason: 'INVALID_SYNTAX_POLICY_ID',
  },
  PolicyName: { min: 1, max: 128 },
  PolicyTargetId: {
    max: 100,
    pattern: /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
    expected: 'the id of a root (r-…), an organizational unit (ou-…) or an account (12 digits)',
    reason: 'INVALID_PATTERN_TARGET_ID',
  },
  ResourcePolicyContent: { min: 1, max: 40_000 },
  ResponsibilityTransferId: { pattern: /^rt-[0-9a-z]{8,32}$/, expected: 'rt- and 8 to 32 of [0-9a-z]' },
  ResponsibilityTransferName: { min: 1, max: 128, pattern: /^[ -~]+$/, expected: 'printable ASCII characters' },
  RoleName: { max: 64, pattern: /^[\w+=,.@-]{1,64}$/, expected: '1 to 64 letters, digits and any of _+=,.@-' },
  RootId: { max: 34, pattern: /^r-[0-9a-z]{4,32}$/, expected: 'r- and 4 to 32 of [0-9a-z]' },
  ServicePrincipal: {
    min: 1,
    max: 128,
    pattern: /^[\w+=,.@-]*$/,
    expected: 'letters, digits and any of _+=,.@-, such as config.amazonaws.com',
  },
  TagKey: { min: 1, max: 128, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, expected: tagCharacters },
  TagValue: { max: 256, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, expected: tagCharacters },
  TaggableResourceId: {
    max: 130,
    pattern:
      /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|p-[0-9a-zA-Z_]{8,128}|rp-[0-9a-zA-Z_]{4,128}|rt-[0-9a-zA-Z_]{8,32})$/,
    expected:
      'the id of a root (r-…), an organizational unit (ou-…), an account (12 digits), a policy (p-…), a resource policy (rp-…) or a transfer (rt-…)',
  },
} as const satisfies Readonly<Record<string, TextRule>>;

export type TextShape = keyof typeof textRules;

export interface Violation {
  /** A value of InvalidInputException's `Reason`. */
  readonly reason:
    | 'INVALID_PATTERN'
    | 'MIN_LENGTH_EXCEEDED'
    | 'MAX_LENGTH_EXCEEDED'
    | 'INVALID_LIST_MEMBER'
    | NonNullable<TextRule['reason']>;
  /** Describes the fault and the expected value. */
  readonly problem: string;
}

/** Checks the length before the pattern, as AWS does. */
export function violationOf(text: string, shape: TextShape): Violation | undefined {
  const rule: TextRule = textRules[shape];
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern, expected } = rule;
  // AWS counts characters; a JavaScript string's length is in UTF-16 code units.
  let length = 0;
  for (const _ of text) length += 1;
  const characters = `${length} ${length === 1 ? 'character' : 'characters'}`;
  if (length < min) return { reason: 'MIN_LENGTH_EXCEEDED', problem: `it has ${characters}; expected ${min} or more.` };
  if (length > max)
    return { reason: 'MAX_LENGTH_EXCEEDED', problem: `it has ${characters}; expected ${max} or fewer.` };
  if (pattern !== undefined && !pattern.test(text)) {
    const reason = rule.reason ?? 'INVALID_PATTERN';
    return { reason, problem: `${quoted(text)} is not valid; expected ${expected}.` };
  }
  return undefined;
}
