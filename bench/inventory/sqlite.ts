import { createRequire } from 'node:module';
import type { PlainOrganization, PlainPolicy } from './plain-data.ts';
import type { BenchQuery } from './queries.ts';

interface Statement {
  all(): readonly Record<string, unknown>[];
  run(...values: readonly unknown[]): unknown;
}

/** What the bench uses of better-sqlite3, which has no part in the product. */
interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
}

/** This file may be compiled; the package is in the source's folder. */
const requireHere = createRequire(new URL('../../../bench/inventory/package.json', import.meta.url));

/** Returns undefined if better-sqlite3 is not installed. */
export function openDatabase(): Database | undefined {
  try {
    const Database = requireHere('better-sqlite3') as new (file: string) => Database;
    return new Database(':memory:');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

const TABLES = `
  CREATE TABLE account (id TEXT PRIMARY KEY, name TEXT, email TEXT, state TEXT, joinedMethod TEXT, joinedAt INTEGER, parent TEXT);
  CREATE TABLE unit (id TEXT PRIMARY KEY, name TEXT, parent TEXT);
  CREATE TABLE policy (id TEXT PRIMARY KEY, name TEXT);
  CREATE TABLE attachment (target TEXT, policy TEXT, PRIMARY KEY (target, policy)) WITHOUT ROWID;
  CREATE TABLE tag (resource TEXT, key TEXT, value TEXT, PRIMARY KEY (resource, key)) WITHOUT ROWID;
  CREATE INDEX account_parent ON account (parent);
  CREATE INDEX account_name ON account (name);
  CREATE INDEX account_state ON account (state);
  CREATE INDEX account_method ON account (joinedMethod);
  CREATE INDEX account_joined ON account (joinedAt);
  CREATE INDEX unit_parent ON unit (parent);
  CREATE INDEX attachment_policy ON attachment (policy);
  CREATE INDEX tag_value ON tag (key, value);
`;

export function fillDatabase(database: Database, { root, units, accounts }: PlainOrganization): void {
  database.exec(TABLES);
  database.exec('BEGIN');
  const insert = (table: string, count: number) =>
    database.prepare(`INSERT OR IGNORE INTO ${table} VALUES (${Array(count).fill('?').join()})`);
  const [account, unit, policy, attachment, tag] = [
    insert('account', 7),
    insert('unit', 3),
    insert('policy', 2),
    insert('attachment', 2),
    insert('tag', 3),
  ];
  for (const { id, name, email, state, joinedMethod, joinedAt, parent } of accounts)
    account.run(id, name, email, state, joinedMethod, joinedAt, parent.id);
  for (const { id, name, parent } of units) unit.run(id, name, parent?.id);
  for (const { id: target, policyList, tags } of [root, ...units, ...accounts]) {
    for (const { id, name } of policyList) {
      policy.run(id, name);
      attachment.run(target, id);
    }
    for (const [key, value] of tags) tag.run(target, key, value);
  }
  database.exec('COMMIT');
}

/** Returns a function that reads the answer of a query, as an object. */
export function prepareAnswer(
  database: Database,
  { list, sql }: BenchQuery,
  root: { readonly id: string; readonly name: string },
): () => object {
  if (list !== 'tree') {
    const statement = database.prepare(sql);
    return () => ({ organization: { [list]: { nodes: statement.all() } } });
  }
  const policies = database.prepare(
    'SELECT target, policy.id, policy.name FROM attachment JOIN policy ON policy.id = policy ORDER BY target, policy.id',
  );
  const units = database.prepare('SELECT id, name, parent FROM unit ORDER BY id');
  const accounts = database.prepare('SELECT id, name, email, state, parent FROM account ORDER BY id');
  return () => {
    const policiesOf = new Map<unknown, PlainPolicy[]>();
    for (const { target, id, name } of policies.all()) {
      const policy = { id: String(id), name: String(name) };
      const known = policiesOf.get(target);
      if (known === undefined) policiesOf.set(target, [policy]);
      else known.push(policy);
    }
    const node = ({ parent, ...columns }: Record<string, unknown>) => ({
      ...columns,
      parent: { id: parent },
      policies: { nodes: policiesOf.get(columns['id']) ?? [] },
    });
    return {
      organization: {
        root: { ...root, policies: { nodes: policiesOf.get(root.id) ?? [] } },
        organizationalUnits: { nodes: units.all().map(node) },
        accounts: { nodes: accounts.all().map(node) },
      },
    };
  };
}
