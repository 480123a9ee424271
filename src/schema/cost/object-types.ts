import { type GraphQLCompositeType, type GraphQLSchema, isObjectType } from 'graphql';
import { type NodeName, nodeNames } from '../ids.ts';
import { type Assumptions, maxDistinctObjects, maxObjectsOf } from './list-bounds.ts';
import type { SelectionScope } from './selection-scope.ts';

/** The object types that a type of the graph stands for, and how many objects they have. */
export class ObjectTypes {
  readonly #schema: GraphQLSchema;
  readonly #assumptions: Assumptions;

  constructor(schema: GraphQLSchema, assumptions: Assumptions) {
    this.#schema = schema;
    this.#assumptions = assumptions;
  }

  maxObjectsOf(type: GraphQLCompositeType): number {
    return this.#namesOf(type).reduce((sum, name) => sum + maxObjectsOf(name), 0);
  }

  maxDistinct(type: GraphQLCompositeType, { isInTree }: Pick<SelectionScope, 'isInTree'>): number {
    const bounds = this.#namesOf(type).map((name) => maxDistinctObjects(name, isInTree === true, this.#assumptions));
    return bounds.reduce((sum, bound) => sum + bound, 0);
  }

  /** The types that implement `Node` among the possible types of `type`. */
  nodeTypes(type: GraphQLCompositeType): readonly NodeName[] {
    const names = new Set(this.#namesOf(type));
    return nodeNames.filter((name) => names.has(name));
  }

  #namesOf(type: GraphQLCompositeType): readonly string[] {
    return isObjectType(type) ? [type.name] : this.#schema.getPossibleTypes(type).map(({ name }) => name);
  }
}
