import { createHash } from 'node:crypto';

/** The longest name of a session, and value of a tag: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const LONGEST_NAME = 64;
const LONGEST_VALUE = 256;

/**
 * A caller's name as that of an AssumeRole session, which has 2 to 64 characters of [A-Za-z0-9_+=,.@-]. One that does not fit ends in a part of its hash,
 * so that no two callers share a session's name.
 */
export function sessionNameOf(callerName: string): string {
  const fitting = callerName.replace(/[^\w+=,.@-]/g, '-').slice(0, LONGEST_NAME);
  if (fitting === callerName && fitting.length >= 2) return fitting;
  const hash = createHash('sha256').update(callerName).digest('hex').slice(0, 12);
  return `${fitting.slice(0, LONGEST_NAME - hash.length - 1)}-${hash}`;
}

/** The tag that says who acted, for CloudTrail and for policies (aws:PrincipalTag). Values have letters, digits, spaces and _.:/=+@- */
export function callerTag(callerName: string): { readonly Key: string; readonly Value: string } {
  return {
    Key: 'orgql:caller',
    Value: callerName.replace(/[^\p{L}\p{N}\p{Zs}_.:/=+@-]/gu, '-').slice(0, LONGEST_VALUE),
  };
}
