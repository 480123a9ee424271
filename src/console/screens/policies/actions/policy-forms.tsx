import { useRef } from 'react';
import { Drawer } from '../../../components/drawer.tsx';
import { ShieldIcon } from '../../../components/icons.tsx';
import { Empty, Skeleton } from '../../../components/states.tsx';
import { AttachmentForm } from './attachment-form.tsx';
import { DeleteForm } from './delete-form.tsx';
import { DocumentForm } from './document-form.tsx';
import type { PolicyFormProps } from './form-props.ts';
import { TypeForm } from './type-form.tsx';

/** The open form of the page, in its drawer. */
export default function PolicyForms(props: PolicyFormProps) {
  const { action, policy, view, onClose } = props;
  const last = useRef(policy);
  if (policy !== undefined) last.current = policy;
  const { current: known } = last;
  if (action === 'enable' || action === 'disable') return <TypeForm {...props} action={action} />;
  if (action === 'new') return <DocumentForm {...props} policy={undefined} />;
  // Its row may be gone before AWS has answered.
  if (action === 'delete' && known) {
    return <DeleteForm key={known.id} {...props} policy={known} isGone={policy === undefined} />;
  }
  if (policy === undefined) {
    return (
      <Drawer title="Policy" onClose={onClose} hasMoves={false}>
        {view.isComplete ? (
          <Empty icon={<ShieldIcon size={20} />} title="There is no such policy">
            It has been deleted meanwhile.
          </Empty>
        ) : (
          <Skeleton rows={6} />
        )}
      </Drawer>
    );
  }
  if (action === 'edit') return <DocumentForm key={policy.id} {...props} />;
  if (action === 'delete') return null;
  return <AttachmentForm key={policy.id} {...props} action={action} policy={policy} />;
}
