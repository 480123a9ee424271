import './organization.css';
import { lazy, Suspense, useCallback } from 'react';
import { ActionButton } from '../../actions/action-button.tsx';
import { FormLock } from '../../actions/form.tsx';
import { FolderPlusIcon, PlusIcon } from '../../actions/icons.tsx';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { CopyAs } from '../../components/copy-as.tsx';
import { NetworkIcon } from '../../components/icons.tsx';
import { Page } from '../../components/page.tsx';
import { Empty, errorOf, Failure, ListStates, Skeleton } from '../../components/states.tsx';
import { useMedia } from '../../components/use-media.ts';
import { setParams, useParam } from '../../data/location.ts';
import { accounts as accountsList } from '../../data/organization/lists.ts';
import type { GroupNode, TreeNode } from '../../data/organization/tree.ts';
import { useOrganizationTree } from '../../data/organization/use-organization-tree.ts';
import { counted } from '../../data/text.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { AccountsView, type ContentProps } from './accounts-view.tsx';
import { useOwnAccount } from './actions/use-own-account.ts';
import { FirstReading } from './first-reading.tsx';
import { MemberAccount } from './member-account.tsx';
import { NodePanel } from './node-panel.tsx';

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
  const { action, filled, openAction, closeAction } = useOpenAction('organization');
  const { lock } = useOwnAccount();
  // Below, the tree and the open object are two steps.
  const isNarrow = useMedia('(max-width: 1023px)');
  const open = tree?.nodes.get(openId ?? '') ?? (isNarrow ? undefined : tree?.root);
  return (
    <Page
      title="Organization"
      beside={
        tree && (
          <span className="muted truncate">
            {counted(tree.accountCount, 'account')}, {counted(tree.unitCount, 'unit')}
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
      <FormLock value={lock}>
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
      </FormLock>
    </Page>
  );
}

/** A unit or the root itself, or the one that an account is in. */
const groupOf = (node: TreeNode): GroupNode => (node.kind === 'account' ? node.parent : node);

function Content({ organization, open, onOpen }: ContentProps) {
  const own = useOwnOrganization();
  const { tree, error, reload, accounts, units, managementAccountId } = organization;
  const { isOther } = useOwnAccount();
  if (!own.isLoading && !own.isMember) {
    return (
      <Empty icon={<NetworkIcon size={20} />} title="This account is in no organization">
        The accounts and units of its organization would be here.
      </Empty>
    );
  }
  const isFrameLost = error !== undefined && organization.frame?.root == null;
  if (isFrameLost && isOther && managementAccountId && error.code === 'AccessDeniedException') {
    return <MemberAccount managementAccountId={managementAccountId} />;
  }
  if (isFrameLost) {
    return <Failure title="The organization cannot be read" error={error} onRetry={reload} />;
  }
  const failed = [accounts, units].find(({ status }) => errorOf(status));
  const list = failed ?? (accounts.isReady ? units : accounts);
  // The copy of the organization is there before the live lists.
  if (failed === undefined && tree)
    return <AccountsView tree={tree} organization={organization} open={open} onOpen={onOpen} />;
  return (
    <>
      <FirstReading />
      <ListStates title="The accounts cannot be read" list={list}>
        <Skeleton rows={16} />
      </ListStates>
    </>
  );
}
