import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { Segmented } from '../../components/controls.tsx';
import { AlertIcon, DownloadIcon, NetworkIcon, TableIcon, TreeIcon } from '../../components/icons.tsx';
import { Empty, errorOf, NoMatch } from '../../components/states.tsx';
import { Tree } from '../../components/tree.tsx';
import { saveCsv } from '../../data/csv.ts';
import { useParam } from '../../data/location.ts';
import { type OrganizationTree, pathOf, prepareSearch, type TreeNode } from '../../data/organization/tree.ts';
import type { Organization as OrganizationData } from '../../data/organization/use-organization-tree.ts';
import { counted } from '../../data/text.ts';
import { AccountList } from './account-list.tsx';
import { completionsOf } from './completions.ts';
import { csvOf } from './csv.ts';
import { NodeRow } from './node-row.tsx';
import { type OrganizationItem, rowsOf, type Toggled } from './rows.ts';
import { findMatches, type Matches } from './search.ts';
import { SearchField } from './search-field.tsx';
import { draftOf, parseSearch, printSearch, type Token } from './tokens.ts';

export interface ContentProps {
  readonly organization: OrganizationData;
  readonly open: TreeNode | undefined;
  readonly onOpen: (id: string) => void;
}

type View = 'tree' | 'list';

/** The organization as a tree or a list, with its search. */
export function AccountsView({ tree, organization, open, onOpen }: ContentProps & { readonly tree: OrganizationTree }) {
  const [q = '', setQuery] = useParam('q');
  const [viewParam, setView] = useParam('view');
  const view: View = viewParam === 'list' ? 'list' : 'tree';
  const { attachments, hasTags, changed } = organization;
  const { tokens, typed, change } = useSearch(q, (next) => setQuery(next === '' ? undefined : next));
  const [toggled, setToggled] = useState<Toggled>(new Map());
  useEffect(() => prepareSearch(tree), [tree]);

  const isSearching = tokens.length > 0 || typed.trim() !== '';
  const wanted = useDeferredValue(typed);
  const matches = useMemo((): Matches | undefined => {
    const draft = draftOf(wanted);
    const typedSearch = draft === undefined ? parseSearch(wanted) : { tokens: [], text: '' };
    const search = { tokens: [...tokens, ...typedSearch.tokens], text: typedSearch.text };
    if (search.tokens.length === 0 && search.text === '' && !draft?.value) return undefined;
    return findMatches(search, draft, { tree, attachments });
  }, [tokens, wanted, tree, attachments]);
  const isFiltered = matches !== undefined;
  // A search opens what it finds, however units were before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search starts afresh.
  useEffect(() => setToggled(new Map()), [isFiltered, tokens]);

  // A link opens an object that lies in closed units.
  const openId = open?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another object opens units, not a change of the tree.
  useEffect(() => {
    const parent = tree.nodes.get(openId ?? '')?.parent;
    if (parent) setToggled((known) => new Map([...known, ...pathOf(parent).map(({ id }) => [id, true] as const)]));
  }, [openId]);

  // The same functions each time: with each letter of a search, rows in sight stay as they are.
  const select = useCallback(({ key }: OrganizationItem) => onOpen(key), [onOpen]);
  const toggle = useCallback(
    ({ key }: OrganizationItem, isOpen: boolean) => setToggled((known) => new Map([...known, [key, isOpen]])),
    [],
  );
  const row = useCallback((item: OrganizationItem) => <NodeRow item={item} attachments={attachments} />, [attachments]);
  const items = useMemo(() => rowsOf(tree, matches, toggled), [tree, matches, toggled]);
  const clear = () => change([], '');
  const keys = new Set([...tokens, ...parseSearch(typed).tokens].map(({ key }) => key));
  const { hasPolicies } = organization;
  const needsPolicies = keys.has('has') || keys.has('lacks');
  const missing = keys.has('tag') && !hasTags ? 'Tags' : needsPolicies && !hasPolicies ? 'Policies' : undefined;

  return (
    <>
      <SearchField
        tokens={tokens}
        typed={typed}
        onChange={change}
        completionsOf={(text, isAsked) => completionsOf(text, isAsked, { tree, attachments, hasTags })}
      />
      <div className="organization-results">
        <span role="status" className="truncate">
          {isSearching && matches ? (
            <>
              <b>{counted(matches.accounts.length, 'account')}</b> of {tree.accountCount.toLocaleString('en-US')} match,
              in {counted(matches.unitCount, 'unit')}
            </>
          ) : (
            <span className="muted">{hintOf(organization)}</span>
          )}
        </span>
        <Segmented
          label="View"
          isSmall
          value={view}
          options={VIEWS}
          onChange={(next) => setView(next === 'list' ? next : undefined)}
        />
        <button
          type="button"
          className="button button-plain"
          data-export
          onClick={() => saveCsv('accounts', csvOf(matches?.accounts ?? tree.accounts, organization))}
        >
          <DownloadIcon size={14} /> CSV
        </button>
      </div>
      {view === 'list' ? (
        <AccountList
          accounts={matches?.accounts ?? tree.accounts}
          openId={openId}
          onOpen={onOpen}
          changed={changed}
          layout={q}
          empty={<NoMatch noun="account" onClear={clear} />}
        />
      ) : (
        <>
          <div className="organization-headings" aria-hidden="true">
            <span>Name</span>
            <span className="node-policies">Policies</span>
            <span className="node-count">Accounts</span>
          </div>
          {missing === 'Tags' && !organization.isKept ? (
            <Empty icon={<NetworkIcon size={20} />} title="The search knows no tags">
              They would cost a call for each account. With a copy of the organization (setting <code>inventory</code>)
              they cost none; your credential needs the scope gateway:read then. An account that is open shows its tags.
            </Empty>
          ) : missing !== undefined ? (
            <Empty icon={<NetworkIcon size={20} />} title={`${missing} are not known yet`}>
              The search needs them. They are there when the gateway has read them.
            </Empty>
          ) : matches && matches.accounts.length === 0 && matches.units.size === 0 ? (
            <NoMatch noun="account" onClear={clear} />
          ) : (
            <Tree
              label="Accounts and units"
              items={items}
              selectedKey={openId}
              onSelect={select}
              onToggle={toggle}
              row={row}
              changed={changed}
              layout={`${q} ${JSON.stringify([...toggled])}`}
              revealKey={openId}
            />
          )}
        </>
      )}
    </>
  );
}

const VIEWS = [
  {
    value: 'tree',
    label: (
      <>
        <TreeIcon size={14} /> Tree
      </>
    ),
  },
  {
    value: 'list',
    label: (
      <>
        <TableIcon size={14} /> List
      </>
    ),
  },
] as const;

/** Names the missing part of the search, or explains how to search. */
function hintOf({ policyLists, hasPolicies, hasTags }: OrganizationData) {
  if (policyLists.some(({ status }) => errorOf(status))) {
    return (
      <>
        <AlertIcon size={12} /> Policies cannot be read
      </>
    );
  }
  if (!hasPolicies) return 'Reading policies …';
  return hasTags ? 'Search by text, tag, unit, policy or state' : 'Search by text, unit, policy or state';
}

/** The search as it is typed. The URL follows it, and it follows the URL. */
function useSearch(q: string, setQuery: (q: string) => void) {
  const [state, setState] = useState(() => read(q));
  if (state.q !== q) setState(read(q));
  const change = (tokens: readonly Token[], typed: string) => {
    const next = printSearch({ tokens, text: typed.trim() });
    setState({ q: next, tokens, typed });
    setQuery(next);
  };
  return { ...state, change };
}

function read(q: string): { readonly q: string; readonly tokens: readonly Token[]; readonly typed: string } {
  const { tokens, text } = parseSearch(q);
  return { q, tokens, typed: text };
}
