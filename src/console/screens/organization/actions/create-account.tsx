import './create-account.css';
import { useRef, useState } from 'react';
import { ActionFailure } from '../../../actions/action-failure.tsx';
import { ActionForm, Choices, SelectField, TextField } from '../../../actions/form.tsx';
import { reasonSentences } from '../../../actions/reasons.generated.ts';
import { filledTags, type Tag, TagsField, tagsProblem } from '../../../actions/tags-field.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { CopyButton } from '../../../components/controls.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Link } from '../../../components/link.tsx';
import { StateIcon, type StateShape, type Tone } from '../../../components/state-icon.tsx';
import { Failure } from '../../../components/states.tsx';
import { useMachineNow } from '../../../data/clock.ts';
import { type GroupNode, type OrganizationTree, pathOf, pathText } from '../../../data/organization/tree.ts';
import { useSession } from '../../../data/session.tsx';
import { useStore } from '../../../data/store.ts';
import { groupedId } from '../../../data/text.ts';
import { duration } from '../../../data/time.ts';
import { type Creation, creations, dismissCreation, followCreation } from './creations.ts';
import { CreateAccountDocument } from './organization-actions.generated.ts';

interface CreateAccountProps {
  readonly tree: OrganizationTree;
  /** The unit that is open. */
  readonly unitId: string | undefined;
  /** A creation that is shown again. */
  readonly creationId: string | undefined;
  readonly onClose: () => void;
}

/** Creates a member account, and shows how far that is. It goes on in the status bar when the dialog is closed. */
export function CreateAccount({ tree, unitId, creationId, onClose }: CreateAccountProps) {
  const [startedId, setStarted] = useState(creationId);
  const creation = useStore(creations).get(startedId ?? '');
  return (
    <Dialog title="Create account" onClose={onClose}>
      <div className="dialog-body">
        {creation === undefined ? (
          <CreateForm tree={tree} unitId={unitId} onStarted={setStarted} onClose={onClose} />
        ) : (
          <Progress creation={creation} onClose={onClose} />
        )}
      </div>
    </Dialog>
  );
}

/** AWS's own default (API reference, CreateAccount). */
const DEFAULT_ROLE = 'OrganizationAccountAccessRole';

interface CreateFormProps extends Pick<CreateAccountProps, 'tree' | 'unitId' | 'onClose'> {
  readonly onStarted: (id: string) => void;
}

function CreateForm({ tree, unitId, onStarted, onClose }: CreateFormProps) {
  const session = useSession();
  const started = useRef<string>(undefined);
  const { send, isSending, error } = useAction(CreateAccountDocument);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState(DEFAULT_ROLE);
  const [billing, setBilling] = useState<'ALLOW' | 'DENY'>('ALLOW');
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const units = unitsOf(tree.root);
  const [unit, setUnit] = useState(units.some(({ id }) => id === unitId) ? (unitId ?? '') : tree.root.id);
  const chosen = units.find(({ id }) => id === unit);
  const isMoved = chosen !== undefined && chosen.id !== tree.root.id;
  const problems = {
    name: /^[ -~]{1,50}$/.test(name.trim())
      ? undefined
      : 'Type a name of 1 to 50 letters, digits and signs without accents.',
    email:
      /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) && email.trim().length <= 64
        ? undefined
        : 'Type an e-mail address of at most 64 characters, such as aws+payments@example.com.',
    role: /^[\w+=,.@-]{1,64}$/.test(role.trim())
      ? undefined
      : 'Type a role name of 1 to 64 letters, digits and _+=,.@- signs.',
  };
  const isValid = Object.values(problems).every((problem) => problem === undefined) && tagsProblem(tags) === undefined;
  const onSubmit = async () => {
    const payload = await send({
      input: {
        accountName: name.trim(),
        email: email.trim(),
        roleName: role.trim(),
        iamUserAccessToBilling: billing,
        ...(filledTags(tags).length > 0 && { tags: [...filledTags(tags)] }),
      },
    });
    const id = payload?.createAccountStatus?.id;
    if (id === undefined) return false;
    followCreation(session, {
      id,
      name: name.trim(),
      unit: isMoved ? { id: chosen.id, name: chosen.name } : undefined,
      rootId: tree.root.id,
    });
    started.current = id;
    return true;
  };
  return (
    <ActionForm
      scope="organization:write"
      failure={`${name.trim() || 'The account'} was not created`}
      submit="Create account"
      calls={isMoved ? 2 : 1}
      isFilled={name !== '' || email !== '' || tags.length > 0}
      isValid={isValid}
      isSending={isSending}
      error={error}
      onSubmit={onSubmit}
      onClose={onClose}
      // The dialog stays, and shows the progress.
      onDone={() => started.current !== undefined && onStarted(started.current)}
    >
      <p className="muted">
        AWS creates a member account, which the organization pays for. It takes some minutes, and the account cannot be
        deleted, only closed.
      </p>
      <TextField label="Name" value={name} onChange={setName} problem={problems.name} hasFocus placeholder="Payments" />
      <TextField
        label="E-mail of the owner"
        type="email"
        value={email}
        onChange={setEmail}
        problem={problems.email}
        hint="An address that no other AWS account uses."
      />
      <SelectField
        label="Unit"
        value={unit}
        onChange={setUnit}
        options={units.map((each) => ({
          value: each.id,
          label: pathText(pathOf(each)),
        }))}
        hint={
          isMoved
            ? 'AWS creates it below the root. Then it is moved, which is a second call.'
            : 'AWS creates it below the root.'
        }
      />
      <TextField
        label="Role for the management account"
        value={role}
        onChange={setRole}
        problem={problems.role}
        hint="Users of the management account get into the new account by this role."
        isMono
      />
      <Choices
        label="Bills"
        value={billing}
        onChange={(next) => setBilling(next === 'DENY' ? 'DENY' : 'ALLOW')}
        choices={[
          { value: 'ALLOW', label: 'IAM users may see them', note: 'If they have the permission. AWS’s default.' },
          { value: 'DENY', label: 'Only the root user may see them' },
        ]}
      />
      <TagsField tags={tags} onChange={setTags} />
    </ActionForm>
  );
}

const unitsOf = (group: GroupNode): readonly GroupNode[] => [group, ...group.units.flatMap(unitsOf)];

const STEPS = [
  ['requested', 'Requested'],
  ['creating', 'Creating'],
  ['moving', 'Moving'],
  ['done', 'Done'],
] as const;

function Progress({ creation, onClose }: { readonly creation: Creation; readonly onClose: () => void }) {
  const { id, name, unit, step, accountId, startedAt, endedAt, failureReason, moveError, lost, lookAgain } = creation;
  const now = useMachineNow(1_000);
  const elapsed = (endedAt ?? now).getTime() - startedAt.getTime();
  const steps = STEPS.filter(([each]) => each !== 'moving' || unit !== undefined);
  const reached = steps.findIndex(([each]) => each === step);
  const isOver = step === 'done' || step === 'failed';
  return (
    <div className="creation">
      <p>
        <b>{name}</b>
        {unit && ` for ${unit.name}`} <span className="muted">{duration(elapsed)}</span>
      </p>
      <ol className="creation-steps" aria-label="Progress">
        {steps.map(([each, text], at) => {
          const { shape, tone }: { shape: StateShape; tone: Tone } =
            step === 'failed' && at > 0
              ? { shape: 'ended', tone: 'gray' }
              : at < reached || step === 'done'
                ? { shape: 'done', tone: 'green' }
                : at === reached
                  ? { shape: 'awaiting', tone: 'blue' }
                  : { shape: 'awaiting', tone: 'gray' };
          return (
            <li key={each} aria-current={at === reached && !isOver ? 'step' : undefined}>
              <StateIcon shape={shape} tone={tone} /> {text}
            </li>
          );
        })}
      </ol>
      <p role="status">
        {step === 'failed' ? (
          <>
            <b>{name} was not created.</b> {failureSentence(failureReason)}{' '}
            <span className="mono muted">{failureReason}</span>
          </>
        ) : step === 'done' && accountId ? (
          <>
            {name} has the account id {groupedId(accountId)} <CopyButton text={accountId} what="account id" />.
          </>
        ) : lost ? (
          'AWS goes on creating the account. The page follows it no longer.'
        ) : (
          'AWS takes some minutes. You can close this: the status bar shows how far it is.'
        )}
      </p>
      {lost && <Failure title={`It is not known how far ${name} is`} error={lost} onRetry={lookAgain} />}
      {moveError && <ActionFailure title={`${name} exists, but was not moved to ${unit?.name}`} error={moveError} />}
      <div className="form-footer">
        {isOver && (
          <button
            type="button"
            className="button button-plain"
            onClick={() => {
              dismissCreation(id);
              onClose();
            }}
          >
            Dismiss
          </button>
        )}
        {accountId && isOver ? (
          <Link
            className="button button-primary"
            to="/organization"
            params={{ open: accountId }}
            onClick={() => dismissCreation(id)}
          >
            Open the account
          </Link>
        ) : (
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        )}
      </div>
    </div>
  );
}

const failureSentence = (reason: string | undefined): string =>
  reasonSentences[reason ?? ''] ??
  'AWS gives no reason that is known here. Look at the creation in Raw, or ask AWS Support.';
