import type { aws } from '../upstream/index.ts';
import type { KeptOrganizationalUnit } from '../watcher/kept-types.ts';
import { ancestorsInPath, parentInPath } from '../watcher/paths.ts';
import { idOrder } from './orders.ts';
import type { Reading } from './reading.ts';

/** Whether a root or organizational unit exists; false if that is not known. */
export const isParent = (reading: Reading, id: string | undefined): id is string =>
  (reading.object('roots', id) ?? reading.object('organizationalUnits', id)) !== undefined;

/** Finds objects by their ids. */
export function objectsById<T>(objects: ReadonlyMap<string, { readonly object: T }>, ids: Iterable<string>): T[] {
  const found: T[] = [];
  for (const id of ids) {
    const observed = objects.get(id);
    if (observed !== undefined) found.push(observed.object);
  }
  return found;
}

/** The accounts directly in a root or unit. */
export function accountsIn(reading: Reading, parentId: string | undefined): readonly aws.Account[] | undefined {
  const { accountsByParent } = reading.indexes;
  if (!isParent(reading, parentId) || !accountsByParent.isComplete) return undefined;
  const accounts = reading.objects('accounts');
  return accounts && objectsById(accounts, accountsByParent.idsIn(parentId)).sort(idOrder.compare);
}

/** The units directly in a root or unit. */
export function unitsIn(reading: Reading, parentId: string | undefined): readonly KeptOrganizationalUnit[] | undefined {
  if (!isParent(reading, parentId)) return undefined;
  const units = reading.objects('organizationalUnits');
  return units && objectsById(units, reading.indexes.unitsByParent.get(parentId)).sort(idOrder.compare);
}

/** The ids of all units below a root or unit, on any level. */
export function unitIdsUnder(reading: Reading, id: string): ReadonlySet<string> {
  const { unitsByParent } = reading.indexes;
  const found = new Set(unitsByParent.get(id));
  // The set grows while it is iterated. Each unit is in it once, although replies may contradict each other.
  for (const unitId of found) for (const below of unitsByParent.get(unitId)) found.add(below);
  return found;
}

/** The ids of the root and the units above a unit, the root first; undefined if one of them is not known. */
function ancestorsOfUnit(reading: Reading, unit: KeptOrganizationalUnit): readonly string[] | undefined {
  const ids: string[] = [];
  for (let id = unit.ParentId; ; ) {
    ids.push(id);
    if (id.startsWith('r-')) return ids.reverse();
    const above = reading.object('organizationalUnits', id);
    // Units that were read at different times must not make an endless loop.
    if (above === undefined || ids.includes(above.ParentId)) return undefined;
    id = above.ParentId;
  }
}

/** The ids of the root and the units above an account or unit, the root first; none above a root. */
export function ancestorsOf(reading: Reading, id: string | undefined): readonly string[] | undefined {
  const [path] = reading.object('accounts', id)?.Paths ?? [];
  if (path !== undefined) return ancestorsInPath(path);
  const unit = reading.object('organizationalUnits', id);
  if (unit !== undefined) return ancestorsOfUnit(reading, unit);
  return reading.object('roots', id) && [];
}

export function parentOf(reading: Reading, childId: string | undefined): string | undefined {
  const [path] = reading.object('accounts', childId)?.Paths ?? [];
  return path === undefined ? reading.object('organizationalUnits', childId)?.ParentId : parentInPath(path);
}
