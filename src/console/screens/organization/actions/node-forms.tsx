import { useRef, useState } from 'react';
import { ActionCard, Overtaken } from '../../../actions/action-card.tsx';
import { ActionForm, FormLock, isConfirmed, NameConfirmation, TextField } from '../../../actions/form.tsx';
import { filledTags, type Tag, TagsField, tagsProblem } from '../../../actions/tags-field.tsx';
import { TagsForm } from '../../../actions/tags-form.tsx';
import { tagsOfLink } from '../../../actions/tags-link.ts';
import { useAction } from '../../../actions/use-action.ts';
import { announce } from '../../../components/live-region.tsx';
import type { AccountNode, GroupNode, TreeNode } from '../../../data/organization/tree.ts';
import type { Organization } from '../../../data/organization/use-organization-tree.ts';
import { counted } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import { useDetails } from '../raw-object.tsx';
import { CloseForm, LeaveForm, RemoveForm } from './account-forms.tsx';
import type { NodeFormName } from './node-form-names.ts';
import { CreateUnitDocument, DeleteUnitDocument, RenameUnitDocument } from './organization-actions.generated.ts';
import { useOwnAccount } from './use-own-account.ts';

interface NodeFormProps {
  readonly form: NodeFormName;
  readonly node: TreeNode;
  readonly organization: Organization;
  /** Values of a link. */
  readonly filled: URLSearchParams;
  /** Opens another node, when this one is gone. */
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** The forms that not only the management account may send. */
const ANY_ACCOUNT: ReadonlySet<NodeFormName> = new Set(['tags', 'leave']);

export function NodeForm(props: NodeFormProps) {
  const { lock } = useOwnAccount();
  return (
    <FormLock value={ANY_ACCOUNT.has(props.form) ? undefined : lock}>
      <OpenForm {...props} />
    </FormLock>
  );
}

function OpenForm({ form, node, organization, filled, onOpen, onClose }: NodeFormProps) {
  if (form === 'tags') return <NodeTags node={node} filled={filled} onClose={onClose} />;
  if (node.kind === 'account') {
    const shared = { account: node, onOpen, onClose };
    if (form === 'close') return <CloseForm {...shared} />;
    if (form === 'remove') return <RemoveForm {...shared} />;
    return form === 'leave' ? <LeaveNode account={node} onClose={onClose} /> : null;
  }
  if (form === 'new-unit') return <NewUnitForm parent={node} onOpen={onOpen} onClose={onClose} />;
  if (node.kind === 'root') return null;
  if (form === 'rename') return <RenameForm unit={node} filled={filled} onClose={onClose} />;
  return form === 'delete' ? (
    <DeleteForm unit={node} organization={organization} onOpen={onOpen} onClose={onClose} />
  ) : null;
}

function LeaveNode({ account, onClose }: { readonly account: AccountNode } & Pick<NodeFormProps, 'onClose'>) {
  const own = useOwnOrganization();
  const { accountId } = useOwnAccount();
  // AWS takes the caller's account out of the organization, whichever one is open.
  if (accountId !== account.id) {
    return <Overtaken onClose={onClose}>Only {account.name} itself can leave. You act as another account.</Overtaken>;
  }
  return <LeaveForm name={account.name} organizationName={own.name} onClose={onClose} />;
}

function NodeTags({ node, filled, onClose }: Pick<NodeFormProps, 'node' | 'filled' | 'onClose'>) {
  const { details, reload } = useDetails(node);
  const tags = details?.tags?.nodes;
  return (
    <ActionCard title={`Tags of ${node.name}`}>
      {tags === undefined ? (
        <p className="muted">Reading the tags …</p>
      ) : (
        <TagsForm
          resourceId={node.id}
          name={node.name}
          tags={tags}
          initial={tagsOfLink(filled)}
          onChanged={reload}
          onClose={onClose}
        />
      )}
    </ActionCard>
  );
}

const unitNameProblem = (name: string, siblings: readonly GroupNode[]): string | undefined => {
  const typed = name.trim();
  if (typed.length === 0 || typed.length > 128) return 'Type a name of 1 to 128 characters.';
  const same = siblings.some((each) => each.name.toLowerCase() === typed.toLowerCase());
  return same ? `There is a unit “${typed}” at this place. Choose another name.` : undefined;
};

function NewUnitForm({
  parent,
  onOpen,
  onClose,
}: { readonly parent: GroupNode } & Pick<NodeFormProps, 'onOpen' | 'onClose'>) {
  const { send, isSending, error } = useAction(CreateUnitDocument);
  const [name, setName] = useState('');
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const created = useRef<string>(undefined);
  const problem = unitNameProblem(name, parent.units);
  return (
    <ActionCard title={`New unit in ${parent.name}`}>
      <ActionForm
        scope="organization:write"
        failure={`The unit ${name.trim()} was not created`}
        submit="Create unit"
        calls={1}
        isFilled={name !== '' || tags.length > 0}
        isValid={problem === undefined && tagsProblem(tags) === undefined}
        isSending={isSending}
        error={error}
        onSubmit={async () => {
          const filledIn = filledTags(tags);
          const payload = await send({
            input: { parentId: parent.id, name: name.trim(), ...(filledIn.length > 0 && { tags: [...filledIn] }) },
          });
          if (payload === undefined) return false;
          announce(`${name.trim()} is created in ${parent.name}`);
          created.current = payload.organizationalUnit?.id;
          return true;
        }}
        onClose={onClose}
        onDone={() => (created.current === undefined ? onClose() : onOpen(created.current))}
      >
        <TextField label="Name" value={name} onChange={setName} problem={problem} hasFocus />
        <TagsField tags={tags} onChange={setTags} />
      </ActionForm>
    </ActionCard>
  );
}

function RenameForm({
  unit,
  filled,
  onClose,
}: { readonly unit: GroupNode } & Pick<NodeFormProps, 'filled' | 'onClose'>) {
  const { send, isSending, error } = useAction(RenameUnitDocument);
  const initial = filled.get('name') ?? unit.name;
  const [name, setName] = useState(initial);
  const siblings = unit.parent?.units.filter(({ id }) => id !== unit.id) ?? [];
  const problem =
    name.trim() === unit.name ? 'This is its name already. Type another one.' : unitNameProblem(name, siblings);
  return (
    <ActionCard title={`Rename ${unit.name}`}>
      <ActionForm
        scope="organization:write"
        failure={`${unit.name} was not renamed`}
        submit="Rename"
        calls={1}
        isFilled={name !== initial}
        isValid={problem === undefined}
        isSending={isSending}
        error={error}
        onSubmit={async () =>
          (await send({ input: { organizationalUnitId: unit.id, name: name.trim() } })) !== undefined
        }
        onClose={onClose}
      >
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          problem={problem}
          hasFocus
          hint="The id stays. Policies and accounts are not affected."
        />
      </ActionForm>
    </ActionCard>
  );
}

function DeleteForm({
  unit,
  organization,
  onOpen,
  onClose,
}: { readonly unit: GroupNode } & Pick<NodeFormProps, 'organization' | 'onOpen' | 'onClose'>) {
  const { send, isSending, error } = useAction(DeleteUnitDocument);
  const [typed, setTyped] = useState('');
  const attached = organization.attachments.at(unit.id).filter(({ awsManaged }) => !awsManaged);
  const inTheWay = [
    ...(unit.accounts.length > 0 ? [counted(unit.accounts.length, 'account')] : []),
    ...(unit.units.length > 0 ? [counted(unit.units.length, 'unit')] : []),
  ];
  if (inTheWay.length > 0 && !isSending && error === undefined) {
    return (
      <ActionCard title={`${unit.name} cannot be deleted`}>
        <p>
          {inTheWay.join(' and ')} {unit.accounts.length + unit.units.length === 1 ? 'is' : 'are'} in the way. Move the
          accounts to another unit and delete the units first.
        </p>
        <div className="form-footer">
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        </div>
      </ActionCard>
    );
  }
  return (
    <ActionCard title={`Delete ${unit.name}`}>
      <ActionForm
        scope="organization:write"
        failure={`${unit.name} was not deleted`}
        submit="Delete unit"
        cancel="Keep it"
        calls={1}
        isDanger
        isFilled={typed !== ''}
        isValid={isConfirmed(typed, unit.name)}
        isSending={isSending}
        error={error}
        onSubmit={async () => {
          if ((await send({ input: { organizationalUnitId: unit.id } })) === undefined) return false;
          announce(`${unit.name} is deleted`);
          return true;
        }}
        onClose={onClose}
        onDone={() => (unit.parent === undefined ? onClose() : onOpen(unit.parent.id))}
      >
        <p>
          The unit is empty, so no account is affected. It cannot be restored: a new unit gets another id.
          {attached.length > 0 && ` ${counted(attached.length, 'policy', 'policies')} will no longer be attached here.`}
        </p>
        <NameConfirmation name={unit.name} value={typed} onChange={setTyped} hasFocus />
      </ActionForm>
    </ActionCard>
  );
}
