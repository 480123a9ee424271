import { shapes } from '../../src/simulator/model/shapes.ts';

/** Returns how a value differs from a shape of AWS's API model. */
export function findShapeViolations(value: unknown, shapeName: string, path = ''): string[] {
  const shape = shapes[shapeName];
  if (!shape) return [`${path}: no shape ${shapeName}`];
  switch (shape.type) {
    case 'structure': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is not a structure`];
      const unknown = Object.keys(value).filter((name) => !Object.hasOwn(shape.members, name));
      const missing = shape.required.filter((name) => !Object.hasOwn(value, name));
      const inside = Object.entries(value).flatMap(([name, member]) => {
        const type = shape.members[name];
        return type === undefined ? [] : findShapeViolations(member, type, `${path}.${name}`);
      });
      return [
        ...unknown.map((name) => `${path}.${name} is not in the model`),
        ...missing.map((name) => `${path}.${name} is missing`),
        ...inside,
      ];
    }
    case 'list':
      if (!Array.isArray(value)) return [`${path} is not a list`];
      return value.flatMap((item, index) => findShapeViolations(item, shape.member, `${path}[${index}]`));
    case 'string': {
      if (typeof value !== 'string') return [`${path} is not a string`];
      const length = [...value].length;
      if (length < (shape.min ?? 0) || length > (shape.max ?? Number.POSITIVE_INFINITY))
        return [`${path}: length ${length}`];
      if (shape.enum && !shape.enum.includes(value)) return [`${path}: ${value} is not in the enum`];
      return shape.pattern && !shape.pattern.test(value) ? [`${path}: ${value} does not match ${shape.pattern}`] : [];
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path} is not a boolean`];
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path} is not an integer`];
    case 'timestamp':
      // Timestamps are in seconds; milliseconds would be far in the future.
      return typeof value === 'number' && value < 1e11 ? [] : [`${path} is not a time in seconds`];
  }
}
