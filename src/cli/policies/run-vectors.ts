import {
  type ControlPolicyDecision,
  ControlPolicyInputError,
  type OrganizationInput,
  type PreparedOrganization,
  prepareOrganization,
} from '../../control-policies/index.ts';
import { decideRequest } from './decide-request.ts';
import type { NamedOrganization } from './gateway-organization.ts';
import type { Vector, VectorFile } from './vectors.ts';

export interface VectorResult {
  readonly file: string;
  readonly vector: Vector;
  readonly durationMs: number;
  readonly result: ControlPolicyDecision | undefined;
  /** What differs from the expected decision; empty if the vector passes. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly member: 'decision' | 'because' | 'missingContextKeys' | 'error';
  readonly expected: string;
  readonly actual: string;
}

/**
 * Decides the request of each vector, and compares the decision with the expected one.
 *
 * @param shared what was read with the organization of all vectors
 */
export function runVectors(
  files: readonly VectorFile[],
  { facts, options }: Partial<Pick<NamedOrganization, 'facts' | 'options'>> = {},
): VectorResult[] {
  // Vectors that share an organization share its compiled policies.
  const prepared = new Map<OrganizationInput, PreparedOrganization>();
  const prepare = (organization: OrganizationInput) => {
    const known = prepared.get(organization) ?? prepareOrganization(organization, options);
    prepared.set(organization, known);
    return known;
  };
  return files.flatMap(({ file, vectors }) =>
    vectors.map((vector) => {
      const startedAt = performance.now();
      const outcome = decide(vector, prepare, facts);
      return { file, vector, durationMs: performance.now() - startedAt, ...outcome };
    }),
  );
}

function decide(
  vector: Vector,
  prepare: (organization: OrganizationInput) => PreparedOrganization,
  facts: NamedOrganization['facts'],
): Pick<VectorResult, 'result' | 'differences'> {
  try {
    const result = decideRequest(prepare(vector.organization), vector.request, facts);
    return { result, differences: compare(vector, result) };
  } catch (error) {
    if (!(error instanceof ControlPolicyInputError)) throw error;
    const difference = { member: 'error', expected: 'a valid vector', actual: error.message } as const;
    return { result: undefined, differences: [difference] };
  }
}

function compare({ expected }: Vector, result: ControlPolicyDecision): readonly Difference[] {
  const differences: Difference[] = [];
  const add = (member: Difference['member'], wanted: string, actual: string) => {
    if (wanted !== actual) differences.push({ member, expected: wanted, actual });
  };
  add('decision', expected.decision, result.decision);
  const { because } = result;
  if (expected.because) {
    const names = Object.keys(expected.because) as (keyof typeof expected.because)[];
    const actual = because && Object.fromEntries(names.map((name) => [name, because[name]]));
    add('because', formatMembers(expected.because), actual ? formatMembers(actual) : describeMissing(result));
  }
  if (expected.missingContextKeys) {
    add('missingContextKeys', formatKeys(expected.missingContextKeys), formatKeys(result.missingContextKeys ?? []));
  }
  return differences;
}

const order = ['reason', 'level', 'policy', 'sid'] as const;

function formatMembers(because: Readonly<Record<string, unknown>>): string {
  return order.flatMap((name) => (because[name] === undefined ? [] : [`${name} ${String(because[name])}`])).join(', ');
}

function describeMissing({ decision }: ControlPolicyDecision): string {
  return decision === 'DENIED' ? 'several statements or levels deny' : 'none';
}

/** Keys are a set, and ignore case. */
function formatKeys(keys: readonly string[]): string {
  return [...new Set(keys.map((key) => key.toLowerCase()))].sort().join(', ') || 'none';
}
