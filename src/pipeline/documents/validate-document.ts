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

/** As graphql-js has it. */
const MOST_ERRORS = 100;
/** Types of the schema that all errors together are compared with, to propose names that are like a wrong one: an error of orgql's schema takes up to 2 ms for it. */
const MAX_COMPARED_TYPES = 8_000;
/** Lines of all errors' places: an error's line is looked for from the first one on, at each of its places. */
const MAX_LINES_SOUGHT = 200_000;

/** What graphql-js's rules look at. */
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
    let linesSought = 0;
    super(schema, document, typeInfo, (error) => {
      if (errors.length >= MOST_ERRORS || linesSought > MAX_LINES_SOUGHT) throw new TooManyErrors();
      for (const { line } of error.locations ?? []) linesSought += line;
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

/** Which of the rules look at a kind of node when it is entered, and which when it is left: the same for every document. */
interface Interest {
  readonly kind: Kind;
  readonly enter: readonly number[];
  readonly leave: readonly number[];
}

/**
 * graphql-js's `validate` with a set of rules that is looked at once. For each document, graphql-js asks each of the thirty rules for each of the forty kinds
 * of nodes whether it has an interest, and tries all of them at each node, which is most of what a small document costs.
 */
export function createValidator(schema: GraphQLSchema, rules: readonly ValidationRule[]) {
  const types = Object.keys(schema.getTypeMap()).length;
  let interests: readonly Interest[] | undefined;

  return (document: DocumentNode): readonly GraphQLError[] => {
    const typeInfo = new TypeInfo(schema);
    const errors: GraphQLError[] = [];
    const context = new Context(schema, document, typeInfo, errors, types);
    interests ??= interestsOf(rules.map((rule) => rule(context)));
    try {
      visit(document, visitWithTypeInfo(typeInfo, inParallel(new Visitors(rules, context), interests)));
    } catch (error) {
      if (error instanceof TooManyErrors)
        errors.push(new GraphQLError('Too many validation errors, error limit reached. Validation aborted.'));
      // A rule gives up so on what it would take too long for.
      else if (error instanceof GraphQLError) errors.push(error);
      else throw error;
    }
    return errors;
  };
}

class TooManyErrors extends Error {}

/** The rules' visitors of one document, each made at the first node that it looks at: what it has to make ready (all types' names, say) is for nothing in many documents. */
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

function interestsOf(visitors: readonly ASTVisitor[]): readonly Interest[] {
  const all = visitors.map((visitor, index) => ({ visitor, index }));
  return Object.values(Kind).flatMap((kind) => {
    const enter = all.filter(({ visitor }) => getEnterLeaveForKind(visitor, kind).enter != null);
    const leave = all.filter(({ visitor }) => getEnterLeaveForKind(visitor, kind).leave != null);
    if (enter.length + leave.length === 0) return [];
    return { kind, enter: enter.map(({ index }) => index), leave: leave.map(({ index }) => index) };
  });
}

/** graphql-js's `visitInParallel`, in which each node meets only those who have an interest in it. */
function inParallel(visitors: Visitors, interests: readonly Interest[]): ASTVisitor {
  /** The node whose inside each visitor has asked to be spared, or `BREAK`. */
  const skipping: (ASTNode | typeof BREAK | null)[] = Array(visitors.length).fill(null);
  const merged: Record<string, { enter: Visit; leave: Visit }> = {};

  for (const { kind, enter, leave } of interests) {
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
        // Who was spared this node's inside looks again from here on; only who has entered it can have asked for that.
        for (const index of enter) if (skipping[index] === args[0]) skipping[index] = null;
        return edited;
      },
    };
  }
  return merged as ASTVisitor;
}

const visitOf = (visitor: ASTVisitor, kind: Kind, when: 'enter' | 'leave') =>
  getEnterLeaveForKind(visitor, kind)[when] as Visit;
