import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inputRules, inputViolation } from '../../src/schema/validation/input-rules.ts';
import { type TextRule, type TextShape, textRules, violationOf } from '../../src/schema/validation/text-rules.ts';
import { type OperationModel, operations } from '../../src/simulator/model/operations.ts';
import type { Shape } from '../../src/simulator/model/shape.ts';
import { shapes } from '../../src/simulator/model/shapes.ts';
import { checkConstraints } from '../../src/simulator/validation/check-constraints.ts';
import { operationNames } from '../../src/upstream/index.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

/** AWS's API model, as the simulator has it. */
const model = shapes;

describe('the rules are those of the API model', () => {
  const textShapes = Object.keys(textRules).filter((name): name is TextShape => name in textRules);

  it.each(textShapes)('of %s: its lengths', (name) => {
    const shape = model[name];
    const rule: TextRule = textRules[name];
    expect(shape?.type).toBe('string');
    if (shape?.type !== 'string') return;
    expect({ min: rule.min, max: rule.max }).toEqual({ min: shape.min, max: shape.max });
    expect(rule.pattern !== undefined).toBe(shape.pattern !== undefined);
  });

  it.each(textShapes)('of %s: what its pattern takes', (name) => {
    const shape = model[name];
    if (shape?.type !== 'string' || shape.pattern === undefined) return;
    // A pattern with alternatives matches whole texts here, which those of the model leave open.
    const alternatives = /\)\|\(/.test(shape.pattern.source);
    const whole = alternatives
      ? new RegExp(`^(?:${withoutAnchors(shape.pattern.source)})$`, shape.pattern.flags)
      : shape.pattern;
    const rule: TextRule = textRules[name];
    fc.assert(
      fc.property(
        fc.oneof(fc.stringMatching(whole, { size: 'small' }), fc.string(), fc.string({ unit: 'grapheme' })),
        (text) => {
          expect(rule.pattern?.test(text)).toBe(whole.test(text));
        },
      ),
    );
  });

  it('for every constrained member of every write', () => {
    const writes = operationNames.filter((name) => name in inputRules);
    expect(writes.toSorted()).toEqual(operationNames.filter((name) => !/^(Describe|List)/.test(name)));
    for (const operation of writes) {
      const described: OperationModel = operations[operation];
      const { input } = described;
      const rules: unknown = Reflect.get(inputRules, operation);
      expect(rules, operation).toEqual(input === undefined ? {} : rulesOf(input));
    }
  });

  it('and reject what the model rejects, for the same reason', () => {
    const tag = fc.record({ Key: fc.string({ unit: 'binary' }), Value: fc.string({ maxLength: 300 }) });
    const request = fc.record(
      {
        ResourceId: fc.oneof(fc.constantFrom('r-abcd', '123456789012', 'p-FullAWSAccess', 'x'), fc.string()),
        Tags: fc.array(tag, { maxLength: 3 }),
      },
      { requiredKeys: ['ResourceId', 'Tags'] },
    );
    fc.assert(
      fc.property(request, (given) => {
        expect(inputViolation('TagResource', given)?.reason).toBe(reasonOfModel('TagResourceRequest', given));
      }),
    );
  });

  it('and count lengths in characters', () => {
    expect(violationOf('🦊'.repeat(128), 'PolicyName')).toBeUndefined();
    expect(violationOf('🦊'.repeat(129), 'PolicyName')).toMatchObject({ reason: 'MAX_LENGTH_EXCEEDED' });
  });
});

const withoutAnchors = (source: string) =>
  source.replaceAll(/\^(?!\\|\])|\$(?=\)|$|\|)/g, (anchor, at) => (source[at - 1] === '[' ? anchor : ''));

/** The model's rules of a structure's members, in the form of the table. */
function rulesOf(name: string): unknown {
  const shape: Shape | undefined = model[name];
  switch (shape?.type) {
    case 'string':
      return shape.enum === undefined && isRule(name) ? name : undefined;
    case 'list': {
      const each = rulesOf(shape.member);
      return each && { each };
    }
    case 'structure': {
      const members = Object.entries(shape.members).flatMap(([member, type]) => {
        const rules = rulesOf(type);
        return rules === undefined ? [] : [[member, rules]];
      });
      return Object.fromEntries(members);
    }
    default:
      return undefined;
  }
}

const isRule = (name: string) => {
  const shape = model[name];
  return shape?.type === 'string' && (shape.min ?? shape.max ?? shape.pattern) !== undefined;
};

function reasonOfModel(shape: string, request: unknown): unknown {
  try {
    checkConstraints(request, shape);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'reason' in error ? error.reason : error;
  }
}

describe('invalid input', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(() => demo.close());
  beforeEach(() => demo.simulator.control.resetRequests());

  it.each([
    [
      'acceptHandshake(input: { handshakeId: "H-1" })',
      'INVALID_PATTERN',
      'input.handshakeId: "H-1" is not valid; expected h- and 8 to 32 of [0-9a-z].',
    ],
    [
      'attachPolicy(input: { policyId: "nope", targetId: "r-exmp" })',
      'INVALID_SYNTAX_POLICY_ID',
      'input.policyId: "nope" is not valid; expected p- and 8 to 128 of [0-9a-zA-Z_].',
    ],
    [
      'attachPolicy(input: { policyId: "p-FullAWSAccess", targetId: "o-exampleorgid" })',
      'INVALID_PATTERN_TARGET_ID',
      'input.targetId: "o-exampleorgid" is not valid; expected the id of a root (r-…), an organizational unit (ou-…) or an account (12 digits).',
    ],
    [
      'createOrganizationalUnit(input: { parentId: "r-exmp", name: "" })',
      'MIN_LENGTH_EXCEEDED',
      'input.name: it has 0 characters; expected 1 or more.',
    ],
    [
      `inviteAccountToOrganization(input: { target: { id: "222222222222", type: ACCOUNT }, notes: "${'x'.repeat(1025)}" })`,
      'MAX_LENGTH_EXCEEDED',
      'input.notes: it has 1025 characters; expected 1024 or fewer.',
    ],
    [
      `inviteAccountToOrganization(input: { target: { id: "${'1'.repeat(65)}", type: ACCOUNT } })`,
      'MAX_LENGTH_EXCEEDED',
      'input.target.id: it has 65 characters; expected 64 or fewer.',
    ],
    [
      'tagResource(input: { resourceId: "r-exmp", tags: [{ key: "fine", value: "" }, { key: "a", value: "<b>" }] })',
      'INVALID_PATTERN',
      'input.tags[1].value: "<b>" is not valid; expected letters, digits, spaces and any of _.:/=+-@.',
    ],
    [
      'untagResource(input: { resourceId: "r-exmp", tagKeys: ["a", ""] })',
      'INVALID_LIST_MEMBER',
      'input.tagKeys[1]: it has 0 characters; expected 1 or more.',
    ],
  ])('of %s is InvalidInputException %s, without a call', async (mutation, reason, message) => {
    const answer = await demo.query(
      `mutation { result: ${mutation} { __typename ... on InvalidInputException { reason message code requestId } } }`,
    );
    expect(answer.data.result).toEqual({
      __typename: 'InvalidInputException',
      reason,
      message,
      code: 'InvalidInputException',
      requestId: null,
    });
    expect(answer.extensions.upstream.calls).toBe(0);
    expect(demo.simulator.control.requestCount()).toBe(0);
  });

  it.each([
    [
      '{ organization { delegatedAdministrators(servicePrincipal: "config amazonaws") { nodes { id } } } }',
      'delegatedAdministrators(servicePrincipal:): "config amazonaws" is not valid; expected letters, digits and any of _+=,.@-, such as config.amazonaws.com.',
    ],
    [
      '{ viewer { handshakes(filter: { parentHandshakeId: "parent" }) { nodes { id } } } }',
      'filter.parentHandshakeId: "parent" is not an id of AWS Organizations; Handshake ids are h- and 8 to 32 of [0-9a-z].',
    ],
    [
      '{ organization { inboundResponsibilityTransfers(id: "h-12345678") { nodes { id } } } }',
      'inboundResponsibilityTransfers(id:): "h-12345678" is the id of a Handshake, not of a ResponsibilityTransfer; ResponsibilityTransfer ids are rt- and 8 to 32 of [0-9a-z].',
    ],
  ])('of the query %s is an error with its path and the expected value, without a call', async (document, message) => {
    const answer = await demo.query(document);
    expect(answer.errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
    const lists = demo.simulator.control.requests().filter(({ operation }) => operation.startsWith('List'));
    expect(lists).toEqual([]);
  });
});
