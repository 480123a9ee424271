import { ActionButton, ActionItem } from '../../../actions/action-button.tsx';
import { LinkIcon, PencilIcon, PlusIcon, TrashIcon, UnlinkIcon } from '../../../actions/icons.tsx';
import { MoreIcon } from '../../../components/icons.tsx';
import { Menu } from '../../../components/menu.tsx';
import { type Params, setParams } from '../../../data/location.ts';
import type { PolicyRow } from '../../../data/organization/lists.ts';
import { typeName } from '../../../data/organization/policy-types.ts';
import { nameOf } from '../policy.ts';
import type { PolicyAction } from './form-props.ts';

const SCOPE = 'organization:write';

const show = (action: PolicyAction, params: Params = {}) => setParams({ ...params, action });

/** Opens the form of a new policy. `N` presses it. */
export function NewPolicyButton() {
  return (
    <ActionButton
      action="Creating a policy"
      scope={SCOPE}
      kind="primary"
      letter="n"
      icon={<PlusIcon size={14} />}
      onClick={() => show('new')}
    >
      New policy
    </ActionButton>
  );
}

interface PolicyProps {
  readonly policy: PolicyRow;
}

/** Edits and deletes a policy. AWS's own cannot be changed. */
export function PolicyButtons({ policy }: PolicyProps) {
  if (policy.awsManaged) return null;
  return (
    <>
      <ActionButton
        action="Editing a policy"
        scope={SCOPE}
        icon={<PencilIcon size={14} />}
        letter="r"
        onClick={() => show('edit', { policy: policy.id })}
      >
        Edit
      </ActionButton>
      <Menu className="button button-icon" label="More actions" isIcon align="end" button={<MoreIcon />}>
        {(close) => (
          <ActionItem
            action="Deleting a policy"
            scope={SCOPE}
            icon={<TrashIcon size={14} />}
            isDanger
            onClick={() => {
              close();
              show('delete', { policy: policy.id });
            }}
          >
            Delete
          </ActionItem>
        )}
      </Menu>
    </>
  );
}

export function AttachButton({ policy }: PolicyProps) {
  return (
    <ActionButton
      action="Attaching a policy"
      scope={SCOPE}
      icon={<LinkIcon size={14} />}
      onClick={() => show('attach', { policy: policy.id })}
    >
      Attach
    </ActionButton>
  );
}

interface DetachButtonProps extends PolicyProps {
  readonly targetId: string;
  readonly targetName: string;
}

export function DetachButton({ policy, targetId, targetName }: DetachButtonProps) {
  return (
    <ActionButton
      action="Detaching a policy"
      scope={SCOPE}
      icon={<UnlinkIcon size={14} />}
      onClick={() => show('detach', { policy: policy.id, 'with-target': targetId })}
    >
      <span className="visually-hidden">{`Detach ${nameOf(policy)} from ${targetName}`}</span>
      <span aria-hidden="true">Detach</span>
    </ActionButton>
  );
}

interface TypeProps {
  readonly type: string;
}

export function EnableTypeButton({ type }: TypeProps) {
  return (
    <ActionButton
      action="Enabling a type of policies"
      scope={SCOPE}
      onClick={() => show('enable', { type, policy: undefined, ask: undefined })}
    >
      Enable<span className="visually-hidden"> {typeName(type)}</span>
    </ActionButton>
  );
}

/** Disables the type that the page shows. */
export function TypeMenu({ type }: TypeProps) {
  return (
    <Menu
      className="button button-plain button-icon"
      label="Actions on this type"
      isIcon
      align="end"
      button={<MoreIcon />}
    >
      {(close) => (
        <ActionItem
          action="Disabling a type of policies"
          scope={SCOPE}
          isDanger
          onClick={() => {
            close();
            show('disable', { type });
          }}
        >
          Disable {typeName(type)} policies
        </ActionItem>
      )}
    </Menu>
  );
}
