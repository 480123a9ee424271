import { ActionButton, ActionItem } from '../../../actions/action-button.tsx';
import type { FormOf } from '../../../actions/forms.ts';
import { BanIcon, FolderPlusIcon, MoveIcon, PencilIcon, TrashIcon, UserMinusIcon } from '../../../actions/icons.tsx';
import { MoreIcon, TagIcon } from '../../../components/icons.tsx';
import { Menu } from '../../../components/menu.tsx';
import type { TreeNode } from '../../../data/organization/tree.ts';
import type { Organization } from '../../../data/organization/use-organization-tree.ts';
import { useOwnAccount } from './use-own-account.ts';

type OrganizationAction = FormOf<'organization'>;

interface NodeActionsProps {
  readonly node: TreeNode;
  readonly organization: Organization;
  readonly open: OrganizationAction | undefined;
  readonly onAction: (action: OrganizationAction) => void;
}

const SCOPE = 'organization:write';

/** What can be done with an account, a unit or the root. */
export function NodeActions({ node, organization, open, onAction }: NodeActionsProps) {
  const own = useOwnAccount();
  const lock = own.lock;
  const item = (action: OrganizationAction, close: () => void) => () => {
    close();
    onAction(action);
  };
  if (node.kind === 'account') {
    const isManagement = node.id === organization.managementAccountId;
    return (
      <>
        <ActionButton
          action="Moving an account"
          scope={SCOPE}
          lock={lock}
          icon={<MoveIcon />}
          letter="m"
          isOpen={open === 'move'}
          onClick={() => onAction('move')}
        >
          Move
        </ActionButton>
        <More>
          {(close) => (
            <>
              <ActionItem action="Tags" scope={SCOPE} icon={<TagIcon />} onClick={item('tags', close)}>
                Tags
              </ActionItem>
              {node.id === own.accountId && !isManagement ? (
                <ActionItem
                  action="Leaving"
                  scope={SCOPE}
                  icon={<UserMinusIcon />}
                  isDanger
                  onClick={item('leave', close)}
                >
                  Leave the organization
                </ActionItem>
              ) : (
                <ActionItem
                  action="Removing an account"
                  scope={SCOPE}
                  lock={isManagement ? 'the management account cannot leave' : lock}
                  icon={<UserMinusIcon />}
                  isDanger
                  onClick={item('remove', close)}
                >
                  Remove from the organization
                </ActionItem>
              )}
              <ActionItem
                action="Closing an account"
                scope={SCOPE}
                lock={isManagement ? 'the management account cannot be closed here' : lock}
                icon={<BanIcon />}
                isDanger
                onClick={item('close', close)}
              >
                Close account
              </ActionItem>
            </>
          )}
        </More>
      </>
    );
  }
  return (
    <>
      {node.kind === 'unit' && (
        <ActionButton
          action="Renaming a unit"
          scope={SCOPE}
          lock={lock}
          icon={<PencilIcon />}
          letter="r"
          isOpen={open === 'rename'}
          onClick={() => onAction('rename')}
        >
          Rename
        </ActionButton>
      )}
      <More>
        {(close) => (
          <>
            <ActionItem action="Tags" scope={SCOPE} icon={<TagIcon />} onClick={item('tags', close)}>
              Tags
            </ActionItem>
            <ActionItem
              action="Creating a unit"
              scope={SCOPE}
              lock={lock}
              icon={<FolderPlusIcon />}
              onClick={item('new-unit', close)}
            >
              New unit here
            </ActionItem>
            {node.kind === 'unit' && (
              <ActionItem
                action="Deleting a unit"
                scope={SCOPE}
                lock={lock}
                icon={<TrashIcon />}
                isDanger
                onClick={item('delete', close)}
              >
                Delete unit
              </ActionItem>
            )}
          </>
        )}
      </More>
    </>
  );
}

function More({ children }: { readonly children: (close: () => void) => React.ReactNode }) {
  return (
    <Menu className="button button-icon" label="More actions" isIcon align="end" button={<MoreIcon />}>
      {children}
    </Menu>
  );
}
