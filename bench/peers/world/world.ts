import type { aws } from '../../../src/upstream/index.ts';

export const ORGANIZATION_ID = 'o-exampleorgid';
export const ROOT_ID = 'r-ab12';
export const MANAGEMENT_ACCOUNT_ID = '111111111111';

const ACCOUNTS = 1_000;
/** Organizational units in the root and in each unit of the first two levels: three levels, 84 units. */
const UNITS_PER_PARENT = 4;
const LEVELS = 3;
const JOINED = Date.UTC(2024, 0, 1);
const HOUR_MS = 3_600_000;

/** An organization in memory, in AWS's shapes. */
export interface World {
  readonly organization: aws.Organization;
  readonly root: aws.Root;
  readonly accounts: readonly aws.Account[];
  readonly unitsByParent: ReadonlyMap<string, readonly aws.OrganizationalUnit[]>;
  readonly accountsByParent: ReadonlyMap<string, readonly aws.Account[]>;
}

/** Returns the id of a unit by its index on each level, from the top: `unitId([0, 3])`. */
export const unitId = (places: readonly number[]): string => `ou-ab12-${places.join('').padStart(8, 'u')}`;

const arn = (rest: string) => `arn:aws:organizations::${MANAGEMENT_ACCOUNT_ID}:${rest}`;

/** Creates 1,000 accounts in a root and 84 organizational units on three levels. The result is always the same. */
export function createWorld(): World {
  const units = allUnits([]);
  const unitsByParent = new Map<string, aws.OrganizationalUnit[]>();
  for (const { parentId, unit } of units) unitsByParent.set(parentId, [...(unitsByParent.get(parentId) ?? []), unit]);

  const rootPath = `${ORGANIZATION_ID}/${ROOT_ID}/`;
  const parents = [{ id: ROOT_ID, path: rootPath }, ...units.map(({ unit }) => ({ id: unit.Id, path: unit.Path }))];
  const accountsByParent = new Map<string, aws.Account[]>();
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => {
    const parent = parents[index % parents.length] as { id: string; path: string };
    const account = accountOf(index, parent.path);
    accountsByParent.set(parent.id, [...(accountsByParent.get(parent.id) ?? []), account]);
    return account;
  });
  return {
    organization: {
      Id: ORGANIZATION_ID,
      Arn: arn(`organization/${ORGANIZATION_ID}`),
      FeatureSet: 'ALL',
      MasterAccountArn: arn(`account/${ORGANIZATION_ID}/${MANAGEMENT_ACCOUNT_ID}`),
      MasterAccountId: MANAGEMENT_ACCOUNT_ID,
      MasterAccountEmail: 'management@example.com',
      AvailablePolicyTypes: [],
    },
    root: { Id: ROOT_ID, Arn: arn(`root/${ORGANIZATION_ID}/${ROOT_ID}`), Name: 'Root', PolicyTypes: [] },
    accounts,
    unitsByParent,
    accountsByParent,
  };
}

type NamedUnit = aws.OrganizationalUnit & { readonly Id: string; readonly Path: string };

function allUnits(above: readonly number[]): { parentId: string; unit: NamedUnit }[] {
  if (above.length === LEVELS) return [];
  return Array.from({ length: UNITS_PER_PARENT }, (_, place) => [...above, place]).flatMap((places) => {
    const id = unitId(places);
    const path = places.map((_place, level) => unitId(places.slice(0, level + 1))).join('/');
    const unit = {
      Id: id,
      Arn: arn(`ou/${ORGANIZATION_ID}/${id}`),
      Name: `Unit ${places.map((number) => number + 1).join('.')}`,
      Path: `${ORGANIZATION_ID}/${ROOT_ID}/${path}/`,
    };
    return [{ parentId: above.length === 0 ? ROOT_ID : unitId(above), unit }, ...allUnits(places)];
  });
}

function accountOf(index: number, parentPath: string): aws.Account {
  const id = index === 0 ? MANAGEMENT_ACCOUNT_ID : String(200_000_000_000 + index * 7_919);
  return {
    Id: id,
    Arn: arn(`account/${ORGANIZATION_ID}/${id}`),
    Email: `account-${index}@example.com`,
    Name: `Account ${index}`,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    Paths: [`${parentPath}${id}/`],
    JoinedMethod: index % 3 === 0 ? 'INVITED' : 'CREATED',
    JoinedTimestamp: new Date(JOINED + index * HOUR_MS),
  };
}
