import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AccessRequest,
  type ControlPolicyDecision,
  type Decision,
  evaluateAccounts,
  evaluateControlPolicies,
  evaluateRequest,
  type OrganizationInput,
  prepareOrganization,
} from '../../src/control-policies/index.ts';
import { runs } from '../support/runs.ts';
import { contextKey, organization, policyWith, request, target } from './arbitraries.ts';
import { evaluateNaively } from './naive-evaluator.ts';

/** More is allowed with a higher rank. */
const rank: Readonly<Record<Decision, number>> = { DENIED: 0, DEPENDS: 1, ALLOWED: 2 };

const inLowerCase = (keys: readonly string[] | undefined) => keys?.map((key) => key.toLowerCase());
const decisionOf = (input: OrganizationInput, access: AccessRequest): Decision =>
  evaluateControlPolicies({ ...input, request: access }).decision;

const attach = (input: OrganizationInput, at: string, policy: OrganizationInput['policies'][string]) => ({
  ...input,
  policies: { ...input.policies, added: policy },
  attachments: { ...input.attachments, [at]: [...(input.attachments[at] ?? []), 'added'] },
});

/** So that 10,000 organizations make 100,000 decisions. */
const tenRequests = fc.array(request, { minLength: 10, maxLength: 10 });

/** The parts of a decision that the naive evaluator has. */
const essence = ({ decision, because, missingContextKeys, unresolved }: ControlPolicyDecision) => ({
  decision,
  because,
  missingContextKeys: inLowerCase(missingContextKeys),
  isUnresolved: decision === 'DEPENDS' ? unresolved !== undefined : undefined,
});

// Long, for all runs on a busy machine.
describe('for any organization and request', { timeout: 600_000 }, () => {
  test('the decision is that of an evaluator without preparation', () => {
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(organization, tenRequests, (input, accesses) => {
        const prepared = prepareOrganization(input);
        for (const access of accesses) {
          const result = essence(evaluateRequest(prepared, access));
          seen[result.decision] = (seen[result.decision] ?? 0) + 1;
          expect(result).toEqual(evaluateNaively({ ...input, request: access }));
        }
      }),
      { numRuns: runs(10_000) },
    );
    // All decisions are common, so that the comparison says something.
    for (const decision of ['ALLOWED', 'DENIED', 'DEPENDS']) expect(seen[decision]).toBeGreaterThan(100);
  });

  test('many accounts at once have the decisions of single requests', () => {
    fc.assert(
      fc.property(organization, request, (input, access) => {
        const prepared = prepareOrganization(input);
        const { account, ...details } = access;
        for (const [each, decision] of evaluateAccounts(prepared, details)) {
          expect(decision).toEqual(evaluateRequest(prepared, { ...details, account: each }));
        }
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('another Deny never allows more', () => {
    fc.assert(
      fc.property(organization, request, policyWith('Deny'), target, (input, access, policy, at) => {
        const before = decisionOf(input, access);
        expect(rank[decisionOf(attach(input, at, policy), access)]).toBeLessThanOrEqual(rank[before]);
      }),
      { numRuns: runs(3_000) },
    );
  });

  test('another Allow never denies more', () => {
    fc.assert(
      fc.property(organization, request, policyWith('Allow'), target, (input, access, policy, at) => {
        const before = decisionOf(input, access);
        expect(rank[decisionOf(attach(input, at, policy), access)]).toBeGreaterThanOrEqual(rank[before]);
      }),
      { numRuns: runs(3_000) },
    );
  });

  test('a key that becomes known changes a decision only if it was reported as missing', () => {
    fc.assert(
      fc.property(organization, request, contextKey, (input, access, { key, value }) => {
        const others = Object.entries(access.context ?? {}).filter(
          ([each]) => each.toLowerCase() !== key.toLowerCase(),
        );
        const context = Object.fromEntries(others);
        const before = evaluateControlPolicies({ ...input, request: { ...access, context } });
        const after = decisionOf(input, { ...access, context: { ...context, [key]: value } });
        if (!inLowerCase(before.missingContextKeys)?.includes(key.toLowerCase())) expect(after).toBe(before.decision);
      }),
      { numRuns: runs(3_000) },
    );
  });

  test('the order of policies and statements does not matter', () => {
    const reversed = ({ attachments, policies, ...rest }: OrganizationInput): OrganizationInput => ({
      ...rest,
      attachments: Object.fromEntries(Object.entries(attachments).map(([at, list]) => [at, [...list].reverse()])),
      policies: Object.fromEntries(
        Object.entries(policies).map(([name, { type, document }]) => {
          if (typeof document === 'string') return [name, { type, document }];
          const { Statement: statement } = document;
          const list = Array.isArray(statement) ? [...statement].reverse() : statement;
          return [name, { type, document: list === undefined ? document : { ...document, Statement: list } }];
        }),
      ),
    });
    fc.assert(
      fc.property(organization, request, (input, access) => {
        const forwards = essence(evaluateControlPolicies({ ...input, request: access }));
        expect(essence(evaluateControlPolicies({ ...reversed(input), request: access }))).toEqual(forwards);
      }),
      { numRuns: runs(3_000) },
    );
  });
});
