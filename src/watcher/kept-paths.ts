import type { aws } from '../upstream/index.ts';
import { parentInPath } from './paths.ts';
import type { KnownLists } from './sweep-types.ts';

/** AWS's quota is five levels of units. Bounds the walk in case that replies contradict each other. */
const maxLevels = 20;

/** Returns the id of the root or unit that holds an account of the copy; undefined if it is not known yet. */
export const parentOfAccount = ({ Paths }: Pick<aws.Account, 'Paths'>): string | undefined => parentInPath(Paths?.[0]);

/** Returns the path of a child of a root or unit, from the known units; undefined if a level is not known. */
export const pathBelow = (lists: KnownLists, parentId: string, childId: string): string | undefined => {
  const [organizationId] = lists.objects('organization').keys();
  if (organizationId === undefined) return undefined;
  const ids = [childId];
  for (let id = parentId; ids.length <= maxLevels; ) {
    ids.unshift(id);
    if (lists.objects('roots').has(id)) return `${[organizationId, ...ids].join('/')}/`;
    const unit = lists.objects('organizationalUnits').get(id)?.object;
    if (unit === undefined) return undefined;
    id = unit.ParentId;
  }
  return undefined;
};

/** Returns an account below another parent, as far as that is known. */
export const accountBelow = (lists: KnownLists, parentId: string, account: aws.Account): aws.Account => {
  const path = account.Id === undefined ? undefined : pathBelow(lists, parentId, account.Id);
  return path === undefined ? account : { ...account, Paths: [path] };
};

/** Emulators of AWS may omit `Paths`. Returns the account of a reply with those that are known. */
export const withKnownPaths = (account: aws.Account, known: aws.Account): aws.Account =>
  account.Paths === undefined && known.Paths !== undefined ? { ...account, Paths: known.Paths } : account;
