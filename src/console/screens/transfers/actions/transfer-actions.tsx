import { lazy, type ReactNode, Suspense } from 'react';
import { ActionButton, type ActionScope } from '../../../actions/action-button.tsx';
import { BanIcon, PencilIcon, StopIcon } from '../../../actions/icons.tsx';
import { CheckIcon, CloseIcon, TagIcon } from '../../../components/icons.tsx';
import type { Side, Transfer } from '../model.ts';
import type { ActionFormsProps } from './form-props.ts';
import { actionsOf, type TransferAction } from './rules.ts';

const ActionForms = lazy(() => import('./action-forms.tsx'));

interface ActionWords {
  readonly label: string;
  /** What a caller without the scope may not do. */
  readonly doing: string;
  readonly scope: ActionScope;
  readonly icon: ReactNode;
  readonly kind?: 'danger';
  readonly letter?: string;
}

const WORDS: Readonly<Record<TransferAction, ActionWords>> = {
  rename: {
    label: 'Rename',
    doing: 'Renaming a transfer',
    scope: 'transfers:manage',
    icon: <PencilIcon size={14} />,
    letter: 'r',
  },
  tags: { label: 'Tags', doing: 'Changing tags', scope: 'organization:write', icon: <TagIcon size={14} /> },
  accept: {
    label: 'Accept',
    doing: 'Accepting an invitation',
    scope: 'handshakes:respond',
    icon: <CheckIcon size={14} />,
  },
  decline: {
    label: 'Decline',
    doing: 'Declining an invitation',
    scope: 'handshakes:respond',
    icon: <CloseIcon size={14} />,
  },
  cancel: {
    label: 'Cancel invitation',
    doing: 'Canceling an invitation',
    scope: 'handshakes:send',
    icon: <BanIcon size={14} />,
    kind: 'danger',
  },
  end: {
    label: 'End transfer',
    doing: 'Ending a transfer',
    scope: 'transfers:manage',
    icon: <StopIcon size={14} />,
    kind: 'danger',
  },
};

interface ButtonsProps {
  readonly side: Side;
  readonly transfer: Transfer;
  readonly open: TransferAction | undefined;
  readonly onOpen: (action: TransferAction) => void;
}

/** What can be done with a transfer now. */
export function TransferButtons({ side, transfer, open, onOpen }: ButtonsProps) {
  return actionsOf(side, transfer).map((action) => {
    const { label, doing, ...button } = WORDS[action];
    return (
      <ActionButton key={action} action={doing} {...button} isOpen={open === action} onClick={() => onOpen(action)}>
        {label}
      </ActionButton>
    );
  });
}

/** The open form. */
export function OpenForm(props: ActionFormsProps) {
  return (
    <Suspense fallback={null}>
      <ActionForms key={props.action} {...props} />
    </Suspense>
  );
}
