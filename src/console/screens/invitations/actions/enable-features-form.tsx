import { ActionForm } from '../../../actions/form.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { CopyAs } from '../../../components/copy-as.tsx';
import { Drawer } from '../../../components/drawer.tsx';
import { setParams } from '../../../data/location.ts';
import { counted } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import type { Invitation } from '../model.ts';
import { EnableAllFeaturesDocument } from './invite.generated.ts';

interface EnableFeaturesFormProps {
  /** Those that were sent before. */
  readonly invitations: readonly Invitation[];
  readonly onClose: () => void;
}

/** Asks the accounts of an organization with consolidated billing only to approve all features. */
export default function EnableFeaturesForm({ invitations, onClose }: EnableFeaturesFormProps) {
  const { name: own } = useOwnOrganization();
  const { send, isSending, error } = useAction(EnableAllFeaturesDocument);
  const joining = invitations.filter(({ isOpen, kind }) => isOpen && kind === 'join').length;
  return (
    <Drawer
      title="Enable all features"
      badge={
        <CopyAs isSmall document={String(EnableAllFeaturesDocument)} aws={['aws organizations enable-all-features']} />
      }
      onClose={onClose}
      hasMoves={false}
    >
      <p>
        {own} has consolidated billing only. With all features, its policies can limit what its accounts may do, and it
        can pay the bills of other organizations.
      </p>
      <ActionForm
        scope="organization:write"
        failure={`The accounts of ${own} were not asked`}
        submit="Ask for approval"
        calls={1}
        isFilled={false}
        isValid
        isSending={isSending}
        error={error}
        onSubmit={async () => (await send({})) !== undefined}
        onClose={onClose}
        help={({ reason }) =>
          reason === 'ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION' && (
            <button
              type="button"
              className="button"
              onClick={() => setParams({ action: undefined, side: 'sent', for: 'features' })}
            >
              Show the approvals
            </button>
          )
        }
      >
        <ul className="form-list">
          <li>
            Each account that {own} had invited gets a request to approve. Accounts that it has created approve without
            one. They have 90 days.
          </li>
          <li>
            Nothing changes until all have approved, and you enable all features here. You can cancel it until then.
          </li>
          {joining > 0 && (
            <li>
              {counted(joining, 'open invitation')} to join {joining === 1 ? 'is' : 'are'} canceled.
            </li>
          )}
        </ul>
      </ActionForm>
    </Drawer>
  );
}
