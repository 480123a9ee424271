import './organization.css';
import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { ActionButton } from '../../actions/action-button.tsx';
import { FolderPlusIcon, PlusIcon } from '../../actions/icons.tsx';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { Segmented } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { AlertIcon, DownloadIcon, NetworkIcon, TableIcon, TreeIcon } from '../../components/icons.tsx';
import { Page } from '../../components/page.tsx';
import { Empty, errorOf, Failure, ListStates, NoMatch, Skeleton } from '../../components/states.tsx';
import { Tree } from '../../components/tree.tsx';
import { useMedia } from '../../components/use-media.ts';
import { saveCsv } from '../../data/csv.ts';
import { setParams, useParam } from '../../data/location.ts';
import { accounts as accountsList } from '../../data/organization/lists.ts';
import { type GroupNode, type OrganizationTree, pathOf, type TreeNode } from '../../data/organization/tree.ts';
import {
  type Organization as OrganizationData,
  useOrganizationTree,
} from '../../data/organization/use-organization-tree.ts';
import { counted } from '../../data/text.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { AccountList } from './account-list.tsx';
import { ORGANIZATION_ACTIONS } from './actions/node-actions.tsx';
import { useOwnAccount } from './actions/use-own-account.ts';
import { completionsOf } from './completions.ts';
import { csvOf } from './csv.ts';
import { NodePanel } from './node-panel.tsx';
import { NodeRow } from './node-row.tsx';
import { type OrganizationItem, rowsOf, type Toggled } from './rows.ts';
import { findMatches, type Matches } from './search.ts';
import { SearchField } from './search-field.tsx';
import { draftOf, parseSearch, printSearch, type Token } from './tokens.ts';

const CreateAccount = lazy(() =>
  import('./actions/create-account.tsx').then(({ CreateAccount: dialog }) => ({ default: dialog })),
);
const MoveDialog = lazy(() =>
  import('./actions/move-dialog.tsx').then(({ MoveDialog: dialog }) => ({ default: dialog })),
);

export default function Organization() {
  const organization = useOrganizationTree();
  const { tree } = organization;
  const [openId] = useParam('open');
  // A form belongs to the object that it was opened for, and ends with it.
  const setOpen = useCallback((id: string | undefined) => setParams({ open: id, action: undefined }), []);
  const { action, filled, openAction, closeAction } = useOpenAction(ORGANIZATION_ACTIONS);
  const { lock } = useOwnAccount(organization);
  // Below, the tree and the open object are two steps.
  const isNarrow = useMedia('(max-width: 1023px)');
  const open = tree?.nodes.get(openId ?? '') ?? (isNarrow ? undefined : tree?.root);
  return (
    <Page
      title="Organization"
      beside={
        tree && (
          <span className="muted truncate">
            {counted(tree.accounts.length, 'account')}, {counted(tree.unitCount, 'unit')}
          </span>
        )
      }
      actions={
        <>
          <CopyAs
            document={accountsList.document}
            aws={['aws organizations list-roots', 'aws organizations list-accounts']}
          />
          {tree && (
            <>
              <ActionButton
                action="Creating a unit"
                scope="organization:write"
                lock={lock}
                icon={<FolderPlusIcon />}
                onClick={() => openAction('new-unit', { open: groupOf(open ?? tree.root).id })}
              >
                New unit
              </ActionButton>
              <ActionButton
                action="Creating an account"
                scope="organization:write"
                lock={lock}
                kind="primary"
                icon={<PlusIcon />}
                letter="n"
                onClick={() => openAction('create')}
              >
                Create account
              </ActionButton>
            </>
          )}
        </>
      }
      drawer={
        open && (
          <NodePanel
            key={open.id}
            node={open}
            organization={organization}
            onOpen={setOpen}
            onClose={isNarrow ? () => setOpen(undefined) : undefined}
          />
        )
      }
    >
      <Content organization={organization} open={open} onOpen={setOpen} />
      <Suspense fallback={null}>
        {tree && action === 'create' && (
          <CreateAccount
            tree={tree}
            unitId={open && groupOf(open).id}
            creationId={filled.get('id') ?? undefined}
            onClose={closeAction}
          />
        )}
        {tree && action === 'move' && open?.kind === 'account' && (
          <MoveDialog account={open} tree={tree} to={filled.get('to') ?? undefined} onClose={closeAction} />
        )}
      </Suspense>
    </Page>
  );
}

/** A unit or the root itself, or the one that an account is in. */
const groupOf = (node: TreeNode): GroupNode => (node.kind === 'account' ? node.parent : node);

interface ContentProps {
  readonly organization: OrganizationData;
  readonly open: TreeNode | undefined;
  readonly onOpen: (id: string) => void;
}

function Content({ organization, open, onOpen }: ContentProps) {
  const own = useOwnOrganization();
  const { tree, error, reload, accounts, units } = organization;
  if (!own.isLoading && !own.isMember) {
    return (
      <Empty icon={<NetworkIcon size={20} />} title="This account is in no organization">
        The accounts and units of its organization would be here.
      </Empty>
    );
  }
  if (error && organization.frame?.root == null) {
    return <Failure title="The organization cannot be read" error={error} onRetry={reload} />;
  }
  const failed = [accounts, units].find(({ status }) => errorOf(status));
  const list = failed ?? (accounts.isReady ? units : accounts);
  // The copy of the organization is there before the live lists.
  if (failed === undefined && tree)
    return <Loaded tree={tree} organization={organization} open={open} onOpen={onOpen} />;
  return (
    <ListStates title="The accounts cannot be read" list={list}>
      <Skeleton rows={16} />
    </ListStates>
  );
}

type View = 'tree' | 'list';

function Loaded({ tree, organization, open, onOpen }: ContentProps & { readonly tree: OrganizationTree }) {
  const [q = '', setQuery] = useParam('q');
  const [viewParam, setView] = useParam('view');
  const view: View = viewParam === 'list' ? 'list' : 'tree';
  const { attachments, hasTags, changed } = organization;
  const { tokens, typed, change } = useSearch(q, (next) => setQuery(next === '' ? undefined : next));
  const [toggled, setToggled] = useState<Toggled>(new Map());

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
  const found = matches?.accounts ?? tree.accounts;
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
              <b>{counted(found.length, 'account')}</b> of {tree.accounts.length.toLocaleString('en-US')} match, in{' '}
              {counted(matches.unitCount, 'unit')}
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
          onClick={() => saveCsv('accounts', csvOf(found, organization))}
        >
          <DownloadIcon size={14} /> CSV
        </button>
      </div>
      {view === 'list' ? (
        <AccountList
          accounts={found}
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
          {missing !== undefined ? (
            <Empty icon={<NetworkIcon size={20} />} title={`${missing} are not known yet`}>
              The search needs them. They are there when the gateway has read its copy of the organization.
            </Empty>
          ) : matches && found.length === 0 && matches.units.size === 0 ? (
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
