import { useId, useState } from 'react';
import { ActionForm, useShowsProblems } from '../../../actions/form.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { Combobox, type ComboboxOption } from '../../../components/combobox.tsx';
import { Drawer } from '../../../components/drawer.tsx';
import { ShieldIcon } from '../../../components/icons.tsx';
import { Empty, Skeleton } from '../../../components/states.tsx';
import { typeName } from '../../../data/organization/policy-types.ts';
import type { OrganizationTree, TreeNode } from '../../../data/organization/tree.ts';
import { unitPath } from '../../../data/organization/tree.ts';
import { matcher } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import { nameOf, typeOf } from '../policy.ts';
import { isControlType } from '../reach.ts';
import type { OnePolicyProps } from './form-props.ts';
import { AttachPolicyDocument, DetachPolicyDocument } from './policy-actions.generated.ts';
import { ChangePreview } from './preview.tsx';

interface AttachmentFormProps extends OnePolicyProps {
  readonly action: 'attach' | 'detach';
}

/** Attaches a policy to the root, a unit or an account, or detaches it, with the accounts that gain or lose it. */
export function AttachmentForm({ action, policy, view, asked, filled, onClose }: AttachmentFormProps) {
  const { tree, attachments, managementAccountId } = view.organization;
  const own = useOwnOrganization().name;
  const attaching = useAction(AttachPolicyDocument);
  const detaching = useAction(DetachPolicyDocument);
  const { send, isSending, error } = action === 'attach' ? attaching : detaching;
  const [targetId, setTargetId] = useState(filled.get('target') ?? undefined);
  const name = nameOf(policy);
  const type = typeOf(policy);
  const isAttach = action === 'attach';
  const title = isAttach ? `Attach ${name}` : `Detach ${name}`;
  if (tree === undefined || !view.isComplete) {
    return (
      <Drawer title={title} onClose={onClose} hasMoves={false}>
        <Skeleton rows={6} />
      </Drawer>
    );
  }
  const target = tree.nodes.get(targetId ?? '');
  const attached = attachments.targetsOf(policy.id);
  const isDone = target !== undefined && attached.has(target.id) === isAttach;
  const isLast =
    !isAttach &&
    isControlType(type) &&
    target !== undefined &&
    attachments.at(target.id).filter((each) => typeOf(each) === type).length === 1;
  const isReady = target !== undefined && !isDone && !isLast;
  const problemOf = (): string | undefined => {
    if (target === undefined) return 'There is no target. Choose the root, a unit or an account.';
    if (isSending) return undefined;
    if (isDone)
      return `It is ${isAttach ? 'attached to' : 'not attached to'} ${target.name} already. Choose another one.`;
    if (!isLast) return undefined;
    return `It is the last ${typeName(type)} policy at ${target.name}, and AWS keeps at least one at each level. Attach another one there first.`;
  };
  return (
    <Drawer title={title} onClose={onClose} hasMoves={false}>
      <div className="policy-form">
        {!isAttach && attached.size === 0 && !isSending ? (
          <Empty icon={<ShieldIcon size={20} />} title="It is attached to nothing">
            There is nothing to detach.
          </Empty>
        ) : (
          <ActionForm
            scope="organization:write"
            failure={`${name} was not ${action}ed`}
            submit={target === undefined ? title : `${isAttach ? 'Attach to' : 'Detach from'} ${target.name}`}
            calls={1}
            isDanger={!isAttach}
            isFilled={targetId !== undefined && isReady}
            isValid={isReady}
            isSending={isSending}
            error={error}
            onSubmit={async () =>
              target !== undefined &&
              (await send({ input: { policyId: policy.id, targetId: target.id } })) !== undefined
            }
            onClose={onClose}
          >
            <p>
              {isAttach
                ? `The ${typeName(type)} policy then applies to the root, unit or account of ${own} that you choose, and to all below.`
                : `The ${typeName(type)} policy then no longer applies there and below, unless it is attached elsewhere above.`}
              {isControlType(type) && ' The management account is never limited by control policies.'}
            </p>
            <TargetField
              label={isAttach ? 'Attach to' : 'Detach from'}
              target={target}
              problem={problemOf()}
              optionsOf={(typed) => optionsOf(typed, tree, (node) => attached.has(node.id) !== isAttach)}
              onChoose={setTargetId}
            />
            {isReady && (
              <ChangePreview
                changes={[{ [action]: { policyId: policy.id, targetId: target.id } }]}
                policyId={policy.id}
                type={type}
                tree={tree}
                managementAccountId={managementAccountId}
                asked={asked}
              />
            )}
          </ActionForm>
        )}
      </div>
    </Drawer>
  );
}

interface TargetFieldProps {
  readonly label: string;
  readonly target: TreeNode | undefined;
  readonly problem: string | undefined;
  readonly optionsOf: (typed: string) => Iterable<ComboboxOption>;
  readonly onChoose: (id: string) => void;
}

function TargetField({ label, target, problem, optionsOf: options, onChoose }: TargetFieldProps) {
  const id = useId();
  // A target that cannot be chosen is explained at once.
  const shows = useShowsProblems() || target !== undefined;
  const shown = shows ? problem : undefined;
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <Combobox
        className="policy-target"
        label={label}
        placeholder="Root, unit or account"
        shown={target?.name ?? ''}
        inputId={id}
        hasFocus
        isInvalid={shown !== undefined}
        optionsOf={options}
        onChoose={onChoose}
      />
      <p className={shown ? 'form-problem' : 'form-hint'} role="status">
        {shown ?? (target ? placeOf(target) : 'By name, e-mail address or id.')}
      </p>
    </div>
  );
}

const KINDS = { root: 'Root', unit: 'Unit', account: 'Account' } as const;

function placeOf(node: TreeNode): string {
  const path = unitPath(node);
  return path === '' ? KINDS[node.kind] : `${KINDS[node.kind]} in ${path}`;
}

/** The nodes that match, the root and units first. */
function* optionsOf(
  typed: string,
  tree: OrganizationTree,
  isPossible: (node: TreeNode) => boolean,
): Iterable<ComboboxOption> {
  const matches = matcher(typed);
  for (const isAccount of [false, true]) {
    for (const node of tree.nodes.values()) {
      if ((node.kind === 'account') !== isAccount || !isPossible(node)) continue;
      if (!matches(node.name, node.id, node.kind === 'account' ? node.row.email : null)) continue;
      yield { value: node.id, label: node.name, note: placeOf(node) };
    }
  }
}
