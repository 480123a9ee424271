import type { KeptList, KeptListName } from './kept-types.ts';
import type { ObjectChanges } from './object-changes.ts';

export class WatchedCopies {
  list(_name: KeptListName): KeptList<unknown> | undefined {
    return undefined;
  }
  start(_onChange: (list: KeptListName, changes: ObjectChanges) => void): void {}
  refresh(_list: KeptListName): void {}
  release(): void {}
}
