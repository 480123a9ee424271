import fc from 'fast-check';
import { shapes } from '../../src/simulator/model/shapes.ts';

/** Values of a shape of AWS's API model, in what a protocol has to carry: any text, any member left out. Not what AWS would accept. */
export function randomShape(name: string, timestamp: (seconds: number) => unknown, depth = 3): fc.Arbitrary<unknown> {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`no shape ${name}`);
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members).map(([member, type]) => [
        member,
        randomShape(type, timestamp, depth - 1),
      ]);
      return fc.record(Object.fromEntries(members), { requiredKeys: [] });
    }
    case 'list':
      return depth <= 0 ? fc.constant([]) : fc.array(randomShape(shape.member, timestamp, depth - 1), { maxLength: 3 });
    case 'string':
      return shape.enum ? fc.constantFrom(...shape.enum) : fc.string({ unit: 'grapheme' });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.nat();
    case 'timestamp':
      // In seconds, with ms as fractions.
      return fc.nat(4_000_000_000_000).map((ms) => timestamp(ms / 1_000));
  }
}
