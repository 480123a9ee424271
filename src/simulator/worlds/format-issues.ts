import type { z } from 'zod';

/** Formats each problem of a JSON value as one line with its path. */
export function formatIssues({ issues }: z.ZodError): string {
  return issues.map((issue) => `${formatPath(issue.path)}${formatIssue(issue)}`).join('\n');
}

const formatPath = (path: readonly PropertyKey[]) =>
  path.length === 0
    ? ''
    : `${path
        .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
        .join('')
        .replace(/^\./, '')}: `;

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'a boolean',
  array: 'an array',
  object: 'an object',
  record: 'an object',
};

function formatIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => JSON.stringify(key)).join(', ')} is not a known member`;
    case 'invalid_type': {
      const expected = `expected ${TYPES[issue.expected] ?? issue.expected}`;
      const got = / received (\w+)/.exec(issue.message)?.[1];
      return got === 'undefined' ? `is missing; ${expected}` : `${expected}, got ${TYPES[String(got)] ?? got}`;
    }
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${formatUnit(issue.origin)}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${formatUnit(issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'expected a time such as 2030-01-01T00:00:00Z' : issue.message;
    case 'invalid_union':
      return issue.message === 'Invalid input' ? 'has none of the allowed types or values' : issue.message;
    default:
      return issue.message;
  }
}

const formatUnit = (origin: string) => (origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '');
