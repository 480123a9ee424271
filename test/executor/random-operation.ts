import fc from 'fast-check';
import {
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

/** Where the random decisions of one case come from: a stream of numbers that fast-check shrinks. */
export class Decisions {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** 0 to `below` - 1; always 0 when the numbers are used up, so that a shrunk case is a simple one. */
  pick(below: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number % below;
  }

  chance(oneIn: number): boolean {
    return this.pick(oneIn) === oneIn - 1;
  }
}

export const decisions = fc
  .array(fc.nat(997), { maxLength: 300, size: 'max' })
  .map((numbers) => new Decisions(numbers));

/** A valid operation over the schema, with aliases, fragments, arguments, variables, `@skip` and `@include`. */
export function randomOperation(schema: GraphQLSchema, kind: 'query' | 'mutation', choose: Decisions): string {
  const root = schema.getRootType(kind as never);
  if (!root) throw new Error(`no ${kind}`);
  const fragments: string[] = [];
  let aliases = 0;

  function selection(type: GraphQLCompositeType, depth: number): string {
    const parts: string[] = [];
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const count = 1 + choose.pick(4);
    for (let i = 0; i < count && fields.length > 0; i += 1) {
      const field = fields[choose.pick(fields.length)];
      if (field === undefined) continue;
      const inner = getNamedType(field.type);
      if (isCompositeType(inner) && depth === 0) continue;
      aliases += 1;
      // The same key may stand twice only with the same arguments, so those with arguments always have an alias of their own.
      const alias = field.args.length > 0 || choose.chance(3) ? `a${aliases}: ` : '';
      const args = field.args.flatMap((arg) => {
        if (isRequiredArgument(arg)) return `${arg.name}: ${choose.pick(5)}`;
        return choose.chance(2) ? `${arg.name}: ${choose.chance(2) ? '$n' : choose.pick(5)}` : [];
      });
      const given = args.length > 0 ? `(${args.join(', ')})` : '';
      const below = isCompositeType(inner) ? ` ${selection(inner, depth - 1)}` : '';
      parts.push(`${alias}${field.name}${given}${condition()}${below}`);
    }
    if (choose.chance(3)) parts.push('__typename');
    for (const possible of isObjectType(type) ? [type] : schema.getPossibleTypes(type)) {
      if (depth === 0 || !choose.chance(3)) continue;
      if (choose.chance(2)) {
        const name = `F${fragments.length}`;
        fragments.push('');
        fragments[Number(name.slice(1))] = `fragment ${name} on ${possible.name} ${selection(possible, depth - 1)}`;
        parts.push(`...${name}${condition()}`);
      } else {
        parts.push(`... on ${possible.name}${condition()} ${selection(possible, depth - 1)}`);
      }
    }
    return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`;
  }

  const condition = () =>
    choose.chance(6) ? ` @${choose.chance(2) ? 'skip' : 'include'}(if: ${choose.chance(2) ? '$yes' : '$no'})` : '';

  const body = selection(root, 4);
  return `${kind} ($n: Int, $yes: Boolean! = true, $no: Boolean! = false) ${body}\n${fragments.join('\n')}`;
}
