import { useRef, useState } from 'react';
import { Overtaken } from '../../../actions/action-card.tsx';
import { ActionForm, isConfirmed, NameConfirmation } from '../../../actions/form.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { Drawer } from '../../../components/drawer.tsx';
import { Skeleton } from '../../../components/states.tsx';
import { setParams } from '../../../data/location.ts';
import { typeName } from '../../../data/organization/policy-types.ts';
import { counted } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import { nameOf, typeOf } from '../policy.ts';
import type { OnePolicyProps } from './form-props.ts';
import { DeletePolicyDocument } from './policy-actions.generated.ts';

/** What is in the way that is named. */
const MAX_TARGETS = 10;

interface DeleteFormProps extends OnePolicyProps {
  /** Whether it has been deleted already, here or elsewhere. */
  readonly isGone: boolean;
}

/** Deletes a policy that is attached to nothing. It cannot be undone: a new one gets another id. */
export function DeleteForm({ policy, view, isGone, onClose }: DeleteFormProps) {
  const { tree, attachments } = view.organization;
  const own = useOwnOrganization().name;
  const { send, isSending, error } = useAction(DeletePolicyDocument);
  const isDeleted = useRef(false);
  const [typed, setTyped] = useState('');
  // The row is gone as soon as AWS has deleted it.
  const [name] = useState(nameOf(policy));
  const targets = [...attachments.targetsOf(policy.id)];
  const names = targets.slice(0, MAX_TARGETS).map((id) => tree?.nodes.get(id)?.name ?? id);
  const more = targets.length - names.length;
  return (
    <Drawer title={`Delete ${name}`} onClose={onClose} hasMoves={false}>
      {isGone && !isSending && error === undefined ? (
        <Overtaken onClose={onClose}>{name} has been deleted.</Overtaken>
      ) : !view.isComplete ? (
        <Skeleton rows={4} />
      ) : targets.length > 0 && !isSending ? (
        <section className="action-card" role="status">
          <h3>It is still attached to {counted(targets.length, 'target')}</h3>
          <p>
            Detach it first from {names.join(', ')}
            {more > 0 && ` and ${more} more`}.
          </p>
          <div className="form-footer">
            <button type="button" className="button" onClick={onClose}>
              Close
            </button>
          </div>
        </section>
      ) : (
        <ActionForm
          scope="organization:write"
          failure={`${name} was not deleted`}
          submit="Delete policy"
          cancel="Keep it"
          calls={1}
          isDanger
          isFilled={typed !== ''}
          isValid={isConfirmed(typed, name)}
          isSending={isSending}
          error={error}
          onSubmit={async () => {
            isDeleted.current = (await send({ input: { policyId: policy.id } })) !== undefined;
            return isDeleted.current;
          }}
          onClose={() =>
            isDeleted.current
              ? setParams({ type: view.type, policy: undefined, action: undefined }, { replace: true })
              : onClose()
          }
        >
          <p>
            The {typeName(typeOf(policy))} policy of {own} is attached to nothing: no account loses it. It cannot be
            taken back. A policy with the same text gets another id.
          </p>
          <NameConfirmation name={name} value={typed} onChange={setTyped} hasFocus />
        </ActionForm>
      )}
    </Drawer>
  );
}
