import {
  type ASTNode,
  type ASTVisitor,
  BREAK,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getEnterLeaveForKind,
  Kind,
  TypeInfo,
  ValidationContext,
  type ValidationRule,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** As in graphql-js. */
const MAX_ERRORS = 100;
/** Types that all errors together are compared with to propose similar names: up to 2 ms per error. */
const MAX_COMPARED_TYPES = 8_000;
/** Lines of all errors' locations: graphql-js searches an error's line from the first one on, for each location. */
const MAX_SEARCHED_LINES = 200_000;

/** Without proposals when there are many errors. */
class Context extends ValidationContext {
  readonly #errors: readonly GraphQLError[];
  readonly #types: number;

  /** `types`: of the schema. */
  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    typeInfo: TypeInfo,
    errors: GraphQLError[],
    types: number,
  ) {
    let searchedLines = 0;
    super(schema, document, typeInfo, (error) => {
      if (errors.length >= MAX_ERRORS || searchedLines > MAX_SEARCHED_LINES) throw new TooManyErrors();
      for (const { line } of error.locations ?? []) searchedLines += line;
      errors.push(error);
    });
    this.#errors = errors;
    this.#types = types;
  }

  override get hideSuggestions(): boolean {
    return this.#errors.length * this.#types > MAX_COMPARED_TYPES;
  }
}

type Visit = (this: ASTVisitor, ...args: unknown[]) => unknown;

/** Which rules visit a kind of node when it is entered and when it is left: the same for every document. */
interface KindRules {
  readonly kind: Kind;
  readonly enter: readonly number[];
  readonly leave: readonly number[];
}

/**
 * graphql-js's `validate` for a fixed set of rules. For each document, graphql-js looks up which of the forty kinds of
 * nodes each of the thirty rules visits, and tries all of them at each node, which is most of the time that a small
 * document takes; here, the kinds are looked up once, and a rule is created when it is needed.
 */
export function createValidator(schema: GraphQLSchema, rules: readonly ValidationRule[]) {
  const types = Object.keys(schema.getTypeMap()).length;
  let kinds: readonly KindRules[] | undefined;

  return (document: DocumentNode): readonly GraphQLError[] => {
    const typeInfo = new TypeInfo(schema);
    const errors: GraphQLError[] = [];
    const context = new Context(schema, document, typeInfo, errors, types);
    kinds ??= rulesByKind(rules.map((rule) => rule(context)));
    try {
      visit(document, visitWithTypeInfo(typeInfo, inParallel(new Visitors(rules, context), kinds)));
    } catch (error) {
      if (error instanceof TooManyErrors)
        errors.push(new GraphQLError('Too many validation errors, error limit reached. Validation aborted.'));
      // A rule throws it to abort a validation that would take too long.
      else if (error instanceof GraphQLError) errors.push(error);
      else throw error;
    }
    return errors;
  };
}

class TooManyErrors extends Error {}

/** The rules' visitors of one document, each created at its first node, as some prepare much (all types' names). */
class Visitors {
  readonly length: number;
  readonly #rules: readonly ValidationRule[];
  readonly #context: Context;
  readonly #made: ASTVisitor[] = [];

  constructor(rules: readonly ValidationRule[], context: Context) {
    this.length = rules.length;
    this.#rules = rules;
    this.#context = context;
  }

  at(index: number): ASTVisitor {
    this.#made[index] ??= (this.#rules[index] as ValidationRule)(this.#context);
    return this.#made[index];
  }
}

function rulesByKind(visitors: readonly ASTVisitor[]): readonly KindRules[] {
  const all = visitors.map((visitor, index) => ({ visitor, index }));
  return Object.values(Kind).flatMap((kind) => {
    const enter = all.filter(({ visitor }) => getEnterLeaveForKind(visitor, kind).enter != null);
    const leave = all.filter(({ visitor }) => getEnterLeaveForKind(visitor, kind).leave != null);
    if (enter.length + leave.length === 0) return [];
    return { kind, enter: enter.map(({ index }) => index), leave: leave.map(({ index }) => index) };
  });
}

/** graphql-js's `visitInParallel`, which calls only the rules that visit a kind of node. */
function inParallel(visitors: Visitors, kinds: readonly KindRules[]): ASTVisitor {
  /** The node inside which a visitor is not called (it returned `false`), or `BREAK`. */
  const skipping: (ASTNode | typeof BREAK | null)[] = Array(visitors.length).fill(null);
  const merged: Record<string, { enter: Visit; leave: Visit }> = {};

  for (const { kind, enter, leave } of kinds) {
    const entering: Visit[] = [];
    const leaving: Visit[] = [];
    merged[kind] = {
      enter(...args) {
        for (let i = 0; i < enter.length; i += 1) {
          const index = enter[i] as number;
          if (skipping[index] !== null) continue;
          const visitor = visitors.at(index);
          entering[i] ??= visitOf(visitor, kind, 'enter');
          const result = entering[i]?.apply(visitor, args);
          if (result === false) skipping[index] = args[0] as ASTNode;
          else if (result === BREAK) skipping[index] = BREAK;
          else if (result !== undefined) return result;
        }
        return undefined;
      },
      leave(...args) {
        let edited: unknown;
        for (let i = 0; i < leave.length && edited === undefined; i += 1) {
          const index = leave[i] as number;
          if (skipping[index] !== null) continue;
          const visitor = visitors.at(index);
          leaving[i] ??= visitOf(visitor, kind, 'leave');
          const result = leaving[i]?.apply(visitor, args);
          if (result === BREAK) skipping[index] = BREAK;
          else if (result !== undefined && result !== false) edited = result;
        }
        // A visitor that skipped the inside of this node is called again from here on.
        for (const index of enter) if (skipping[index] === args[0]) skipping[index] = null;
        return edited;
      },
    };
  }
  return merged as ASTVisitor;
}

const visitOf = (visitor: ASTVisitor, kind: Kind, when: 'enter' | 'leave') =>
  getEnterLeaveForKind(visitor, kind)[when] as Visit;
