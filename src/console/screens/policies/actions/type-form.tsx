import { useState } from 'react';
import { Overtaken } from '../../../actions/action-card.tsx';
import { ActionForm, isConfirmed, NameConfirmation } from '../../../actions/form.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { Drawer } from '../../../components/drawer.tsx';
import { Skeleton } from '../../../components/states.tsx';
import { typeName } from '../../../data/organization/policy-types.ts';
import { counted } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import { typeOf } from '../policy.ts';
import { isControlType } from '../reach.ts';
import type { PolicyFormProps } from './form-props.ts';
import {
  DisablePolicyTypeDocument,
  EnablePolicyTypeDocument,
  type EnablePolicyTypeMutationVariables,
} from './policy-actions.generated.ts';

interface TypeFormProps extends PolicyFormProps {
  readonly action: 'enable' | 'disable';
}

/** Enables a type of policies in the root, or disables it, which detaches all policies of the type. */
export function TypeForm({ action, view, onClose }: TypeFormProps) {
  const { type, organization } = view;
  const own = useOwnOrganization().name;
  const enabling = useAction(EnablePolicyTypeDocument);
  const disabling = useAction(DisablePolicyTypeDocument);
  const { send, isSending, error } = action === 'enable' ? enabling : disabling;
  const [typed, setTyped] = useState('');
  const name = typeName(type);
  const rootId = organization.frame?.root?.id;
  const isEnable = action === 'enable';
  const isEnabled = view.types.some((each) => each.type === type && each.isEnabled);
  const title = isEnable ? `Enable ${name} policies` : `Disable ${name} policies`;
  const { policies } = organization.attachments;
  const attached = [...policies.values()]
    .filter((policy) => typeOf(policy) === type)
    .reduce((sum, { id }) => sum + organization.attachments.targetsOf(id).size, 0);
  return (
    <Drawer title={title} onClose={onClose} hasMoves={false}>
      {rootId === undefined || (!isEnable && !view.isComplete) ? (
        <Skeleton rows={4} />
      ) : isEnabled === isEnable && !isSending && error === undefined ? (
        <Overtaken onClose={onClose}>
          {name} policies are {isEnable ? 'enabled' : 'not enabled'} already.
        </Overtaken>
      ) : (
        <ActionForm
          scope="organization:write"
          failure={`${name} policies were not ${action}d`}
          submit={isEnable ? 'Enable type' : 'Disable type'}
          cancel={isEnable ? 'Cancel' : 'Keep it enabled'}
          calls={1}
          isDanger={!isEnable}
          isFilled={typed !== ''}
          isValid={isEnable || isConfirmed(typed, name)}
          isSending={isSending}
          error={error}
          onSubmit={async () => {
            const policyType = type as EnablePolicyTypeMutationVariables['input']['policyType'];
            const payload = await send({ input: { policyType, rootId } });
            // The live lists do not have the types of the root.
            if (payload !== undefined) organization.reload();
            return payload !== undefined;
          }}
          onClose={onClose}
        >
          <ul className="form-list">
            {(isEnable ? enableWords(type, own) : disableWords(name, own, attached)).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          {!isEnable && <NameConfirmation name={name} value={typed} onChange={setTyped} hasFocus />}
        </ActionForm>
      )}
    </Drawer>
  );
}

const enableWords = (type: string, own: string): readonly string[] => [
  `Policies of the type can then be attached in ${own}: to the root, to units and to accounts.`,
  isControlType(type)
    ? 'AWS attaches its own policy that allows everything to the root, to each unit and to each account. Nothing is limited until you attach another one.'
    : 'Nothing changes for accounts until you attach a policy.',
];

const disableWords = (name: string, own: string, attached: number): readonly string[] => [
  `All ${name} policies are detached in the whole organization of ${own}: ${counted(attached, 'attachment')} now. What they limit is no longer limited.`,
  'The policies themselves are kept. If you enable the type again, they have to be attached again, one by one.',
];
