import {
  type GraphQLEnumType,
  GraphQLError,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { costRuleOf } from '../../src/schema/cost/rules.ts';
import { schema } from '../../src/schema/index.ts';

/** Enums of which the gateway makes the values itself. */
const ownEnums: readonly string[] = [
  'ChangedType',
  'ChangeKind',
  'ChangeSource',
  'ChangeType',
  'ControlPolicyBinding',
  'ControlPolicyOutcome',
  'ControlPolicyReasonCode',
  'DiagnosticSeverity',
  'InventoryState',
  'NotificationFormat',
  'NotificationState',
  'ResponsibilityTransferDirection',
  'StatementMatch',
  'UnresolvedStatementReason',
];

const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

/** Every output field of an enum type of AWS. */
const outputs = types.flatMap((type) => {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = type.getFields();
  return Object.values(fields).flatMap((field) => {
    const named = getNamedType(field.type);
    if (!isEnumType(named) || ownEnums.includes(named.name)) return [];
    return [{ path: `${type.name}.${field.name}`, field, raw: fields[`${field.name}Raw`], type: named }];
  });
});

const enums: readonly GraphQLEnumType[] = [...new Set(outputs.map(({ type }) => type))];

/** The type with String in the place of the enum, and nullable: a member that AWS omits has no string. */
const rawType = (type: GraphQLType) => String(type).replace(/\w+/, 'String').replace(/!$/, '');

describe('every field with an enum value of AWS', () => {
  it('is found by these tests', () => {
    expect(outputs.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['Handshake.state', 'HandshakeEvent.previousState', 'InvalidInputException.reason']),
    );
    expect(enums.length).toBeGreaterThanOrEqual(21);
  });

  it.each(outputs)('$path has a sibling with the raw string, at the same cost', ({ field, raw }) => {
    const options = ({ deprecationReason, extensions }: GraphQLField<unknown, unknown>) => ({
      deprecationReason,
      cost: costRuleOf(extensions),
    });
    expect(String(raw?.type)).toBe(rawType(field.type));
    expect(raw && options(raw)).toEqual(options(field));
  });
});

describe('every enum of AWS’s replies', () => {
  it.each(enums.map((type) => [type.name, type] as const))('%s has UNKNOWN', (_name, type) => {
    expect(type.getValue('UNKNOWN')?.description).toMatch(/newer/);
  });
});

const isAwsEnum = (type: GraphQLInputType) => enums.some((each) => each === getNamedType(type));

/** Every place where a client can send such a value: `Query.field(argument)` or `Input.member`. */
const inputs = types.flatMap((type) => {
  if (isInputObjectType(type)) {
    return Object.values(type.getFields())
      .filter((field) => isAwsEnum(field.type))
      .map((field) => ({ path: `${type.name}.${field.name}`, type: field.type }));
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    field.args
      .filter((argument) => isAwsEnum(argument.type))
      .map((argument) => ({ path: `${type.name}.${field.name}(${argument.name})`, type: argument.type })),
  );
});

describe('UNKNOWN is rejected', () => {
  it('wherever clients can send an enum value', () => {
    expect(inputs.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['HandshakeFilter.actionType', 'Parent.children(type)', 'CreatePolicyInput.type']),
    );
  });

  it.each(inputs)('by $path in a variable and in a literal, with the values that are accepted', ({ type }) => {
    const named = getNamedType(type);
    if (!isEnumType(named)) throw new Error('not an enum');
    const accepted = named.getValues().flatMap(({ name }) => (name === 'UNKNOWN' ? [] : [name]));
    const errorOf = (use: () => unknown) => {
      try {
        return use();
      } catch (error) {
        return error;
      }
    };
    for (const error of [
      errorOf(() => named.parseValue('UNKNOWN')),
      errorOf(() => named.parseLiteral({ kind: Kind.ENUM, value: 'UNKNOWN' }, {})),
    ]) {
      expect(error).toBeInstanceOf(GraphQLError);
      expect(error).toMatchObject({
        message: expect.stringMatching(new RegExp(`^${named.name}: UNKNOWN .* ${accepted.join(', ')}\\.$`)),
        extensions: { code: 'BAD_USER_INPUT', argument: named.name },
      });
    }
    for (const name of accepted) {
      expect(named.parseValue(name)).toBe(name);
      expect(named.parseLiteral({ kind: Kind.ENUM, value: name }, {})).toBe(name);
    }
  });

  it('and is not suggested for a misspelled value', () => {
    const [error] = validate(schema, parse('{ organization { policies(type: UNKNOWM) { nodes { id } } } }'));
    expect(error?.message).toBe('Value "UNKNOWM" does not exist in "PolicyType" enum.');
  });

  it('with its location in the document', () => {
    const [error] = validate(schema, parse('{ organization {\n policies(type: UNKNOWN) { nodes { id } } } }'));
    expect(error?.locations).toEqual([{ line: 2, column: 17 }]);
  });
});
