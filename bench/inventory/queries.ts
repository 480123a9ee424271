/** One query of the bench: the same answer from the copy, from plain arrays and, with `sql`, from SQLite. */
export interface BenchQuery {
  readonly title: string;
  readonly document: string;
  /** Selects the accounts' `id, name, email, state`; undefined for other answers. */
  readonly sql: string;
  /** Of which list the answer is. */
  readonly list: 'accounts' | 'organizationalUnits' | 'tree';
  /** Whether AWS's lists answer it without a call per account, so that it can be measured live, too. */
  readonly isLive: boolean;
}

/** Ids that the filters name. */
export interface QueryIds {
  readonly accounts: readonly string[];
  /** A unit of the second level. */
  readonly unit: string;
  readonly policy: string;
}

const ACCOUNT_FIELDS = 'id name email state';
const FIRST = 1_000;

const accountSql = (where: string, orderBy = 'id') =>
  `SELECT id, name, email, state FROM account WHERE ${where} ORDER BY ${orderBy}, id LIMIT ${FIRST}`;

const ofAccounts = (title: string, args: string, sql: string, isLive = true): BenchQuery => ({
  title,
  list: 'accounts',
  document: `{ organization { accounts(first: ${FIRST}, ${args}) { nodes { ${ACCOUNT_FIELDS} } } } }`,
  sql,
  isLive,
});

const filtered = (title: string, filter: string, where: string, isLive = true): BenchQuery =>
  ofAccounts(`filter: ${title}`, `filter: { ${filter} }`, accountSql(where), isLive);

const unitsFiltered = (title: string, filter: string, where: string, isLive = true): BenchQuery => ({
  title: `units, filter: ${title}`,
  list: 'organizationalUnits',
  document: `{ organization { organizationalUnits(first: ${FIRST}, filter: { ${filter} }) { nodes { id name } } } }`,
  sql: `SELECT id, name FROM unit WHERE ${where} ORDER BY id LIMIT ${FIRST}`,
  isLive,
});

const POLICIES = 'policies(type: SERVICE_CONTROL_POLICY, first: 10) { nodes { id name } }';

const tree: BenchQuery = {
  title: 'whole tree with policies',
  list: 'tree',
  document: `{ organization {
    root { id name ${POLICIES} }
    organizationalUnits(first: 20000) { nodes { id name parent { id } ${POLICIES} } }
    accounts(first: 20000) { nodes { ${ACCOUNT_FIELDS} parent { id } ${POLICIES} } }
  } }`,
  sql: '',
  isLive: true,
};

const below = (id: string) =>
  `WITH RECURSIVE below(id) AS (VALUES('${id}') UNION SELECT unit.id FROM unit JOIN below ON unit.parent = below.id)
  SELECT id FROM below`;
const hasTag = (table: string, condition: string) =>
  `EXISTS (SELECT 1 FROM tag WHERE resource = ${table}.id AND ${condition})`;
const reached = (id: string) =>
  `WITH RECURSIVE reached(id) AS (SELECT target FROM attachment WHERE policy = '${id}'
  UNION SELECT unit.id FROM unit JOIN reached ON unit.parent = reached.id) SELECT id FROM reached`;
const isReached = (id: string) => `(id IN (${reached(id)}) OR parent IN (${reached(id)}))`;

/** Sixty ids of accounts, and one value of each kind of condition. */
export const queriesWith = ({ accounts, unit, policy }: QueryIds): readonly BenchQuery[] => {
  const some = accounts.filter((_, index) => index % Math.ceil(accounts.length / 60) === 0);
  return [
    tree,
    ofAccounts('no filter', 'orderBy: { field: ID }', accountSql('true')),
    ofAccounts('ordered by name', 'orderBy: { field: NAME }', accountSql('true', 'name')),
    filtered('ids', `ids: ${JSON.stringify(some)}`, `id IN (${some.map((id) => `'${id}'`).join()})`),
    filtered('text', 'text: "0042"', "(name LIKE '%0042%' OR email LIKE '%0042%' OR id LIKE '%0042%')"),
    filtered('nameContains', 'nameContains: "ACCOUNT 001"', "name LIKE '%ACCOUNT 001%'"),
    filtered('emailContains', 'emailContains: "-0099"', "email LIKE '%-0099%'"),
    filtered('states', 'states: [SUSPENDED]', "state = 'SUSPENDED'"),
    filtered('joinedMethod', 'joinedMethod: INVITED', "joinedMethod = 'INVITED'"),
    filtered('joinedSince', 'joinedSince: "2020-01-01T00:00:00Z"', `joinedAt >= ${Date.UTC(2020, 0)}`),
    filtered('under', `under: "${unit}"`, `parent IN (${below(unit)})`),
    filtered(
      'tags, values',
      'tags: [{ key: "CostCenter", values: ["cc-7", "cc-8"] }]',
      hasTag('account', "key = 'CostCenter' AND value IN ('cc-7', 'cc-8')"),
      false,
    ),
    filtered(
      'tags, exists',
      'tags: [{ key: "Owner", exists: false }]',
      `NOT ${hasTag('account', "key = 'Owner'")}`,
      false,
    ),
    filtered('policy applies', `policy: { id: "${policy}", applies: true }`, isReached(policy), false),
    filtered('policy does not apply', `policy: { id: "${policy}", applies: false }`, `NOT ${isReached(policy)}`, false),
    filtered(
      'text and tags',
      'text: "team-00", tags: [{ key: "Environment", values: ["production"] }]',
      `(name LIKE '%team-00%' OR email LIKE '%team-00%') AND ${hasTag('account', "key = 'Environment' AND value = 'production'")}`,
      false,
    ),
    unitsFiltered('nameContains', 'nameContains: "division 1"', "name LIKE '%division 1%'"),
    unitsFiltered('under', `under: "${unit}"`, `parent IN (${below(unit)})`),
    unitsFiltered(
      'tags',
      'tags: [{ key: "Level", values: ["division-3"] }]',
      hasTag('unit', "key = 'Level' AND value = 'division-3'"),
      false,
    ),
  ];
};
