import { useDeferStream } from '@graphql-yoga/plugin-defer-stream';
import fc from 'fast-check';
import {
  type ConstValueNode,
  type DirectiveNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  introspectionFromSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  print,
  type SelectionNode,
  specifiedRules,
  type ValidationRule,
  validate,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { configSchema } from '../../../src/config/index.ts';
import { DocumentCache } from '../../../src/pipeline/documents/document-cache.ts';
import { createValidation } from '../../../src/pipeline/documents/validation-rules.ts';
import { moodySchema } from '../../executor/moody-schema.ts';
import { type Decisions, decisions, randomOperation } from '../../executor/random-operation.ts';
import { broken } from './broken-document.ts';

const schema = moodySchema(1, 100, 'atOnce');

/** What Yoga makes of a schema and of graphql-js's rules when its plugin is given to it. */
function asYoga(given: GraphQLSchema): { readonly schema: GraphQLSchema; readonly rules: readonly ValidationRule[] } {
  const plugin = useDeferStream();
  let extended = given;
  plugin.onSchemaChange?.({
    schema: given,
    replaceSchema(replaced: GraphQLSchema) {
      extended = replaced;
    },
  });
  const params = { schema: extended, documentAST: parse('{ a }'), rules: [...specifiedRules] };
  const added: ValidationRule[] = [];
  plugin.onValidate?.({ params, addValidationRule: (rule: ValidationRule) => void added.push(rule) } as never);
  return { schema: extended, rules: [...params.rules, ...added] };
}

const yoga = asYoga(schema);
const json = (errors: readonly GraphQLError[]) => errors.map((error) => error.toJSON());

/** Aliases that clash now and then, and directives, some of which stand where they may not. */
function entangled(document: DocumentNode, choose: Decisions): DocumentNode {
  const incremental = choose.chance(2);
  const clashing = choose.chance(3);
  const directives = (usual: string, present: readonly DirectiveNode[] = []): readonly DirectiveNode[] => {
    if (incremental ? choose.chance(3) : !choose.chance(5)) return present;
    if (!incremental)
      return [
        ...present,
        directive(choose.chance(40) ? 'nothing' : 'include', 'if', { kind: Kind.BOOLEAN, value: true }),
      ];
    const unusual = choose.chance(40) ? 'stream' : usual;
    const label = choose.chance(3) ? `l${choose.pick(3)}` : `own${labels++}`;
    return [...present, directive(unusual, 'label', { kind: Kind.STRING, value: label })];
  };
  let labels = 0;
  const text = print(document);
  return visit(document, {
    // Of the variables that every random operation has, most use some only.
    VariableDefinition: ({ variable }) =>
      text.split(new RegExp(`\\$${variable.name.value}\\b`)).length > 2 ? undefined : null,
    Field: {
      leave: (node) => ({
        ...node,
        ...(clashing && node.alias && { alias: name(`a${choose.pick(9)}`) }),
        ...(!incremental && { directives: directives('include', node.directives) }),
      }),
    },
    SelectionSet: {
      leave: (node) => ({
        ...node,
        selections: node.selections.map((selection) =>
          incremental && choose.chance(2) ? deferred([selection], directives('defer')) : selection,
        ),
      }),
    },
    InlineFragment: { leave: (node) => ({ ...node, directives: directives('defer', node.directives) }) },
    FragmentSpread: { leave: (node) => ({ ...node, directives: directives('defer', node.directives) }) },
  });
}

const deferred = (selections: readonly SelectionNode[], directives: readonly DirectiveNode[]): SelectionNode => ({
  kind: Kind.INLINE_FRAGMENT,
  directives,
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});
const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
const directive = (named: string, argument: string, value: ConstValueNode): DirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: name(named),
  arguments: [{ kind: Kind.ARGUMENT, name: name(argument), value }],
});

test('the directives are defined as in Yoga’s plugin', () => {
  const { schema: extended } = createValidation(schema, true);
  expect(extended.getDirective('defer')).toBeDefined();
  expect(introspectionFromSchema(extended)).toEqual(introspectionFromSchema(yoga.schema));
  expect(createValidation(extended, true).schema).toBe(extended);
});

test.for([true, false])(
  'documents are validated as by Yoga’s plugin: errors of graphql-js at once, then those of the plugin (introspection: %s)',
  async (introspection) => {
    const always = introspection ? [] : [NoSchemaIntrospectionCustomRule];
    const loaded = createValidation(schema, introspection);
    await loaded.validate(parse('{ ... @defer { __typename } }'));
    const reported = (errors: readonly GraphQLError[]) =>
      json(errors).map((error) =>
        introspection ? error : { ...error, message: error.message.replace(/ Did you mean .*\?$/s, '') },
      );
    const seen = { right: 0, wrong: 0, rightInPieces: 0, wrongInPieces: 0 };
    await fc.assert(
      fc.asyncProperty(decisions, fc.constantFrom(10, 50, 1_000, 1_000, 1_000), async (choose, every) => {
        const text = print(entangled(broken(parse(randomOperation(schema, 'query', choose)), every), choose));
        fc.pre(text.includes('@'));
        const document = parse(text);
        const plainly = reported(validate(yoga.schema, document, [...specifiedRules, ...always]));
        const wholly = reported(validate(yoga.schema, document, [...yoga.rules, ...always]));
        expect(plainly.length === 0 || wholly.length > 0).toBe(true);
        const found = createValidation(schema, introspection).validate(document);
        expect(json(await found)).toEqual(plainly.length > 0 ? plainly : wholly);
        expect(json(loaded.validate(document) as readonly GraphQLError[])).toEqual(json(await found));
        const incremental = /@(defer|stream)\b/.test(text);
        if (plainly.length > 0) seen.wrong += 1;
        else if (!incremental) seen.right += 1;
        else if (wholly.length > 0) seen.wrongInPieces += 1;
        else seen.rightInPieces += 1;
        // A document without the directives, or invalid without them, loads no rules.
        expect(found instanceof Promise).toBe(incremental && plainly.length === 0);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  },
);

test('a document without the directives is validated synchronously, with graphql-js’s messages', () => {
  const document = parse('{ nothing a: cat(n: 1) { name } a: cat(n: 2) { name } }');
  const found = createValidation(schema, true).validate(document);
  expect(json(found as readonly GraphQLError[])).toEqual(json(validate(schema, document)));
});

test.for(['@include(if: true)', '... @defer { __typename }'])(
  'a document whose validation graphql-js aborts is rejected synchronously with %s, as without it',
  (directive) => {
    const many = '__typename '.repeat(1_000);
    const found = createValidation(schema, true).validate(parse(`{ ${many} __typename ${directive} }`));
    const expected = validate(schema, parse(`{ ${many} }`));
    expect(expected.map(({ message }) => message)).toEqual(['Validation aborted.']);
    expect(json(found as readonly GraphQLError[])).toEqual(json(expected));
  },
);

test.for([
  ['mutation { rename @stream }', 'Stream directive cannot be used on root mutation type'],
  ['{ __typename @stream }', 'Stream directive cannot be used on non-list field "__typename"'],
  ['{ ...@defer(label: "x") { __typename } ...@defer(label: "x") { __typename } }', 'must be unique'],
] as const)('%s is refused with the code and status of a wrong document', async ([text, message]) => {
  const documents = new DocumentCache(schema, configSchema.parse({}));
  const looked = documents.prepare(text);
  expect(looked).toBeInstanceOf(Promise);
  const errors = (await looked) as readonly GraphQLError[];
  expect(errors.map((error) => error.message).join()).toContain(message);
  for (const { extensions } of errors)
    expect(extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED', http: { spec: true, status: 400 } });
  // The rules are loaded from then on, and the document is cached.
  const again = documents.prepare(text);
  expect(again).toEqual(errors);
  expect(documents.prepare(text)).toBe(again);
});
