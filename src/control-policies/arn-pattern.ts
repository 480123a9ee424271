import { agreed } from './policy-variables.ts';
import { type Truth, unknownBecause } from './truth.ts';
import { compilePattern, isAnyText, type Pattern, parsePattern, splitPattern } from './wildcards.ts';

/** Parts of an ARN: `arn:partition:service:region:account:resource`. The resource keeps its colons. */
const ARN_PARTS = 6;
const anyText = parsePattern('*');

/**
 * Compiles a value of ArnEquals and ArnLike: each of the six parts is compared by itself. AWS does not say what a
 * pattern with fewer parts matches: nothing, or as in identity policies what it matches with `*` for the missing ones.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function compileArn(pattern: Pattern, path: string): (arn: string) => Truth {
  const { matches, isComplete } = compileParts(pattern);
  if (isComplete) return matches;
  const unclear = unknownBecause({
    reason: 'UNDOCUMENTED_RULE',
    path,
    message: 'the ARN pattern has fewer than six parts, and AWS does not say what it matches',
  });
  return (arn) => (matches(arn) ? unclear : false);
}

/**
 * Compiles a pattern of Resource or NotResource. AWS's pages differ on whether `*` may also span the colons between the
 * parts of an ARN, so that a pattern that matches in this way only is unknown.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function compileResource(pattern: Pattern, path: string): (arn: string) => Truth {
  if (isAnyText(pattern)) return () => true;
  const matches = compilePattern(pattern);
  const parts = compileParts(pattern);
  const message =
    'the pattern matches only if its wildcards span parts of the ARN, and AWS does not say whether they do';
  return (arn) => {
    const asText = matches(arn);
    return isArn(arn) ? agreed(asText, parts.matches(arn), { path, message }) : asText;
  };
}

function compileParts(pattern: Pattern): { matches: (arn: string) => boolean; isComplete: boolean } {
  const parts = splitPattern(pattern, ARN_PARTS);
  const filled = [...parts, ...Array.from({ length: ARN_PARTS - parts.length }, () => anyText)];
  const tests = filled.map(compilePattern);
  return {
    isComplete: parts.length === ARN_PARTS,
    matches: (arn) => {
      const actual = splitArn(arn);
      return actual !== undefined && tests.every((test, index) => test(actual[index] ?? ''));
    },
  };
}

function isArn(text: string): boolean {
  return text.startsWith('arn:') && splitArn(text) !== undefined;
}

function splitArn(arn: string): readonly string[] | undefined {
  const parts = arn.split(':', ARN_PARTS - 1);
  const before = parts.reduce((length, part) => length + part.length + 1, 0);
  return parts.length < ARN_PARTS - 1 || before > arn.length ? undefined : [...parts, arn.slice(before)];
}
