import type { AccountNode, AttachmentIndex, GroupNode, OrganizationTree } from '../../data/organization/tree.ts';
import { pathOf, pathText } from '../../data/organization/tree.ts';
import { fold } from '../../data/text.ts';
import type { Search, Token } from './tokens.ts';

type Predicate = (account: AccountNode) => boolean;

interface Context {
  readonly tree: OrganizationTree;
  readonly attachments: AttachmentIndex;
}

/** The accounts that match a search, and what the tree shows of it. */
export interface Matches {
  readonly accounts: readonly AccountNode[];
  /** By the id of a root or unit: how many of its subtree match. Groups without are left out. */
  readonly counts: ReadonlyMap<string, number>;
  /** Units whose names match. */
  readonly units: ReadonlySet<string>;
  /** How many units have matching accounts in them. */
  readonly unitCount: number;
}

/** `draft`: a condition that is being typed, which compares beginnings. */
export function findMatches({ tokens, text }: Search, draft: Token | undefined, context: Context): Matches {
  const predicates = [
    ...tokens.map((token) => predicateOf(token, context, true)),
    ...(draft && draft.value !== '' ? [predicateOf(draft, context, false)] : []),
    ...(text.trim() === '' ? [] : [textPredicate(text)]),
  ];
  const accounts = context.tree.accounts.filter((account) => predicates.every((matches) => matches(account)));
  const counts = new Map<string, number>();
  const holders = new Set<string>();
  for (const { parent } of accounts) {
    holders.add(parent.id);
    for (let group: GroupNode | undefined = parent; group !== undefined; group = group.parent) {
      counts.set(group.id, (counts.get(group.id) ?? 0) + 1);
    }
  }
  return { accounts, counts, units: unitsNamed(text, context), unitCount: holders.size };
}

function unitsNamed(text: string, { tree }: Context): ReadonlySet<string> {
  const wanted = fold(text.trim());
  const named = new Set<string>();
  if (wanted === '') return named;
  for (const { kind, id, name } of tree.nodes.values())
    if (kind === 'unit' && fold(name).includes(wanted)) named.add(id);
  return named;
}

function textPredicate(typed: string): Predicate {
  const wanted = fold(typed.trim());
  const digits = /^[\d\s]+$/.test(wanted) ? wanted.replace(/\s/g, '') : undefined;
  return ({ text, id }) => text.includes(wanted) || (digits !== undefined && id.includes(digits));
}

function predicateOf({ key, value }: Token, { tree, attachments }: Context, isComplete: boolean): Predicate {
  const wanted = fold(value.trim());
  const compare = isComplete
    ? (text: string) => fold(text) === wanted
    : (text: string) => fold(text).startsWith(wanted);
  switch (key) {
    case 'name':
      return ({ name }) => fold(name).includes(wanted);
    case 'email':
      return ({ row }) => fold(row.email ?? '').includes(wanted);
    case 'id':
      return ({ id }) => id.includes(wanted.replace(/\s/g, ''));
    case 'state':
      return ({ row }) => compare(stateWord(row.stateRaw));
    case 'tag':
      return tagPredicate(value, compare);
    case 'under':
      return underPredicate(tree, compare);
    case 'has':
    case 'lacks': {
      const ids = [...attachments.policies.values()].filter(({ id, name }) => compare(id) || compare(name ?? ''));
      const reaches: Predicate = (account) => ids.some(({ id }) => attachments.reaches(id, account));
      return key === 'has' ? reaches : (account) => !reaches(account);
    }
    case 'joined':
      return joinedPredicate(wanted);
  }
}

function tagPredicate(condition: string, compare: (text: string) => boolean): Predicate {
  const [name = '', ...rest] = condition.split('=');
  if (rest.length === 0) {
    const matches = remembering(compare);
    return ({ tags }) => tags?.some((tag) => matches(tag.key)) === true;
  }
  const key = fold(name.trim());
  const isKey = remembering((text) => fold(text) === key);
  const hasValue = remembering((value) => compare(`${name}=${value}`));
  return ({ tags }) => tags?.some((tag) => isKey(tag.key) && hasValue(tag.value)) === true;
}

/** Thousands of accounts share few tags: each text is compared once. */
function remembering(compare: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      result = compare(text);
      known.set(text, result);
    }
    return result;
  };
}

/** By name, by id, or by the path as in `Workloads / Production`. */
function underPredicate(tree: OrganizationTree, compare: (text: string) => boolean): Predicate {
  const groups = new Set<string>();
  for (const node of tree.nodes.values()) {
    if (node.kind === 'account') continue;
    const path = pathText(pathOf(node).slice(1));
    if (compare(node.name) || compare(node.id) || compare(path)) groups.add(node.id);
  }
  return ({ parent }) => {
    for (let group: GroupNode | undefined = parent; group !== undefined; group = group.parent) {
      if (groups.has(group.id)) return true;
    }
    return false;
  };
}

/** `2024`, `2024-09`, `>2024-09-26`, `<2025`, `created` or `invited`. */
function joinedPredicate(wanted: string): Predicate {
  if ('created'.startsWith(wanted) || 'invited'.startsWith(wanted)) {
    return ({ row }) => (row.joinedMethod ?? '').toLowerCase().startsWith(wanted);
  }
  const [, sign = '', date = ''] = /^([<>]?)(.*)$/.exec(wanted) ?? [];
  return ({ row: { joinedTimestamp } }) => {
    if (!joinedTimestamp || date === '') return false;
    if (sign === '') return joinedTimestamp.startsWith(date);
    const day = joinedTimestamp.slice(0, date.length);
    return sign === '<' ? day < date : day > date;
  };
}

/** "pending closure". */
export const stateWord = (stateRaw: string | null | undefined): string =>
  (stateRaw ?? 'unknown').toLowerCase().replaceAll('_', ' ');
