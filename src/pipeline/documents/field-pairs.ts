import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from '../../schema/cost/collect-fields.ts';

/** Fields that stand for one field of the response. */
interface Merged {
  count: number;
  readonly inside: SelectionSetNode[];
}

/**
 * How many pairs validation has to compare, to know whether fields of the same name can be merged: of fields and of fragment spreads at one place of the response. Counting
 * stops above `max`, and in time that grows with the document's fields alone, which `maxFields` bounds.
 */
export function fieldPairs(document: DocumentNode, max: number, maxFields: number): number {
  const fragments = fragmentsOf(document);
  const spreadAnywhere = new Set<FragmentDefinitionNode>();
  let pairs = 0;
  let fields = 0;

  function countAt(selectionSets: readonly SelectionSetNode[]): void {
    const merged = new Map<string, Merged>();
    const spreads = new Set<FragmentDefinitionNode>();
    const collect = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
        else if (selection.kind === Kind.FRAGMENT_SPREAD) {
          const fragment = fragments.get(selection.name.value);
          if (fragment === undefined || spreads.has(fragment)) continue;
          pairs += spreads.size;
          spreads.add(fragment);
          spreadAnywhere.add(fragment);
          collect(fragment.selectionSet);
        } else {
          fields += 1;
          const key = (selection.alias ?? selection.name).value;
          let same = merged.get(key);
          if (same === undefined) {
            same = { count: 0, inside: [] };
            merged.set(key, same);
          }
          pairs += same.count;
          same.count += 1;
          if (selection.selectionSet !== undefined) same.inside.push(selection.selectionSet);
        }
        if (isOver()) return;
      }
    };
    for (const each of selectionSets) collect(each);
    for (const { inside } of merged.values()) {
      if (isOver()) return;
      if (inside.length > 0) countAt(inside);
    }
  }

  // Fragments that spread themselves would go on forever; validation refuses them.
  const isOver = () => pairs > max || fields > maxFields;
  for (const each of document.definitions) {
    if (each.kind === Kind.OPERATION_DEFINITION && !isOver()) countAt([each.selectionSet]);
  }
  // Validation looks at fragments that no operation spreads, too.
  for (const fragment of fragments.values()) {
    if (!spreadAnywhere.has(fragment) && !isOver()) countAt([fragment.selectionSet]);
  }
  return fields > maxFields ? Number.POSITIVE_INFINITY : pairs;
}
