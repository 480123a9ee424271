import { shapes } from '../model/shapes.ts';
import { ServiceError } from '../service-error.ts';

/**
 * Checks JSON types like AWS's parser, before validation. Ignores unknown members, and treats null as absent.
 *
 * @throws {ServiceError} SerializationException
 */
export function checkTypes(value: unknown, shapeName: string, path: string): void {
  const shape = shapes[shapeName];
  if (!shape || value === undefined || value === null) return;
  switch (shape.type) {
    case 'string':
      if (typeof value !== 'string') throwSerializationException(value, path, 'a string');
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throwSerializationException(value, path, 'true or false');
      return;
    case 'integer':
      if (!Number.isInteger(value)) throwSerializationException(value, path, 'an integer');
      return;
    case 'timestamp':
      if (typeof value !== 'number') throwSerializationException(value, path, 'a timestamp in seconds since the epoch');
      return;
    case 'list':
      if (!Array.isArray(value)) throwSerializationException(value, path, 'a list');
      for (const [index, item] of value.entries()) checkTypes(item, shape.member, `${path}[${index}]`);
      return;
    case 'structure':
      if (!isObject(value)) throwSerializationException(value, path, 'a structure');
      for (const [name, member] of Object.entries(shape.members)) {
        if (Object.hasOwn(value, name)) checkTypes(value[name], member, path ? `${path}.${name}` : name);
      }
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function throwSerializationException(value: unknown, path: string, expected: string): never {
  const found = Array.isArray(value) ? 'a list' : typeof value;
  throw new ServiceError('SerializationException', `${path || 'The request'} must be ${expected}, but it is ${found}`);
}
