import './move-dialog.css';
import { useId, useState } from 'react';
import { ActionForm } from '../../../actions/form.tsx';
import { EqualIcon, MinusIcon, PlusIcon } from '../../../actions/icons.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { AlertIcon, ArrowRightIcon } from '../../../components/icons.tsx';
import { announce } from '../../../components/live-region.tsx';
import { Failure, Skeleton } from '../../../components/states.tsx';
import { shortTypeName } from '../../../data/organization/policy-types.ts';
import {
  type AccountNode,
  type GroupNode,
  type OrganizationTree,
  pathOf,
  type TreeNode,
} from '../../../data/organization/tree.ts';
import { counted } from '../../../data/text.ts';
import { useQuery } from '../../../data/use-query.ts';
import { MoveAccountDocument, MovePreviewDocument, type MovePreviewQuery } from './organization-actions.generated.ts';
import { type Meaning, meaningOf } from './policy-meaning.ts';
import { UnitPicker } from './unit-picker.tsx';

interface MoveDialogProps {
  readonly account: AccountNode;
  readonly tree: OrganizationTree;
  /** The unit that a link has chosen. */
  readonly to: string | undefined;
  readonly onClose: () => void;
}

/** A copy of this age, in seconds, is good enough for the preview: live lists show when it is out of date. */
const MAX_AGE = 3_600;

type Preview = NonNullable<NonNullable<MovePreviewQuery['organization']>['policyPreview']['accounts']['nodes'][number]>;

/** Chooses the unit that an account is moved to, and shows first which policies it loses, gains and keeps. */
export function MoveDialog({ account, tree, to, onClose }: MoveDialogProps) {
  // An account that is moved meanwhile stays the subject: only its present place changes.
  const [chosenId, setChosenId] = useState(to);
  const { send, isSending, error } = useAction(MoveAccountDocument);
  const present = account.parent;
  const found = tree.nodes.get(chosenId ?? '');
  const chosen = found?.kind === 'account' || found?.id === present.id ? undefined : found;
  const variables = chosen && {
    changes: [{ moveAccount: { accountId: account.id, destinationParentId: chosen.id } }],
  };
  const { data, errors, isLoading, reload } = useQuery(MovePreviewDocument, variables, { maxAge: MAX_AGE });
  const [readError] = errors;
  const nodes = data?.organization?.policyPreview.accounts.nodes;
  const preview = nodes && changesOf(nodes[0] ?? NOTHING);
  const title = `Move ${account.name}`;
  return (
    <Dialog title={title} className="move-dialog" hasHeader onClose={onClose}>
      <ActionForm
        scope="organization:write"
        failure={`${account.name} was not moved`}
        submit="Move account"
        calls={1}
        isFilled={chosen !== undefined && chosenId !== to}
        isValid={chosen !== undefined}
        isSending={isSending}
        error={error}
        onSubmit={async () => {
          if (chosen === undefined) return false;
          const input = { accountId: account.id, sourceParentId: present.id, destinationParentId: chosen.id };
          if ((await send({ input })) === undefined) return false;
          announce(`${account.name} is in ${chosen.name} now`);
          return true;
        }}
        onClose={onClose}
        note={preview && chosen && <Warnings preview={preview} />}
      >
        <p className="move-paths">
          <Place node={present} /> <ArrowRightIcon size={14} />{' '}
          {chosen ? <Place node={chosen} /> : <span className="muted">choose a unit</span>}
        </p>
        <div className="move-columns">
          <section className="move-to" aria-label="To">
            <h3>To</h3>
            <UnitPicker
              label="Destination"
              tree={tree}
              chosenId={chosen?.id}
              presentId={present.id}
              onChoose={({ id }) => setChosenId(id)}
            />
          </section>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard. */}
          <section className="move-preview" aria-label="What changes" tabIndex={0}>
            {chosen === undefined ? (
              <p className="muted">
                Choose the unit that {account.name} is moved to. You see here which policies it loses, gains and keeps,
                before anything is sent.
              </p>
            ) : preview ? (
              <PreviewLists preview={preview} tree={tree} />
            ) : readError ? (
              <Failure title="The preview cannot be read" error={readError} onRetry={reload} />
            ) : (
              isLoading && <Skeleton rows={6} />
            )}
          </section>
        </div>
      </ActionForm>
    </Dialog>
  );
}

/** A policy that both paths have is kept, even if it is attached at other levels. */
function changesOf({ lost, gained, kept }: Preview): Preview {
  const idsOf = (policies: Preview['kept']) => new Set(policies.map(({ policy }) => policy.id));
  const [before, after] = [idsOf([...lost, ...kept]), idsOf([...gained, ...kept])];
  return {
    lost: lost.filter(({ policy }) => !after.has(policy.id)),
    gained: gained.filter(({ policy }) => !before.has(policy.id)),
    kept: [...kept, ...lost.filter(({ policy }) => after.has(policy.id))],
  };
}

/** The account is not among those whose policies change. */
const NOTHING: Preview = { lost: [], gained: [], kept: [] };

/** "Root / Workloads / Production", the last one strong. */
function Place({ node }: { readonly node: GroupNode }) {
  const path = pathOf(node);
  return (
    <span>
      {path.slice(0, -1).map(({ id, name }) => (
        <span key={id} className="muted">
          {name} /{' '}
        </span>
      ))}
      <b>{node.name}</b>
    </span>
  );
}

type AtLevel = Preview['lost'][number];

const meaning = ({ policy: { id, name, type, typeRaw, content } }: AtLevel, isLost: boolean): Meaning =>
  meaningOf({ name: name ?? id, type: type ?? typeRaw ?? '', content: content ?? null }, isLost);

function PreviewLists({
  preview: { lost, gained, kept },
  tree,
}: {
  readonly preview: Preview;
  readonly tree: OrganizationTree;
}) {
  const names = [...new Set(kept.map(({ policy: { id, name } }) => name ?? id))];
  return (
    <>
      <dl className="move-totals">
        <Total tone="amber" name="Loses" count={lost.length} note="No longer apply" />
        <Total tone="blue" name="Gains" count={gained.length} note="Apply from then on" />
        <Total tone="gray" name="Keeps" count={names.length} note="Apply before and after" />
      </dl>
      <PolicyChanges
        icon={<MinusIcon size={14} />}
        tone="amber"
        name="Loses"
        note="No longer applies"
        policies={lost}
        isLost
        tree={tree}
      />
      <PolicyChanges
        icon={<PlusIcon size={14} />}
        tone="blue"
        name="Gains"
        note="Applies from then on"
        policies={gained}
        isLost={false}
        tree={tree}
      />
      {names.length > 0 && (
        <section className="move-list">
          <h3>
            <EqualIcon size={14} /> Keeps
          </h3>
          <p className="muted">{names.join(', ')}</p>
        </section>
      )}
      {lost.length + gained.length === 0 && <p>The same policies apply before and after.</p>}
    </>
  );
}

interface TotalProps {
  readonly tone: string;
  readonly name: string;
  readonly count: number;
  readonly note: string;
}

function Total({ tone, name, count, note }: TotalProps) {
  return (
    <div data-tone={tone}>
      <dt>{name}</dt>
      <dd>
        <b>{counted(count, 'policy', 'policies')}</b> <span className="muted">{note}</span>
      </dd>
    </div>
  );
}

interface PolicyChangesProps {
  readonly icon: React.ReactNode;
  readonly tone: string;
  readonly name: string;
  readonly note: string;
  readonly policies: readonly AtLevel[];
  readonly isLost: boolean;
  readonly tree: OrganizationTree;
}

function PolicyChanges({ icon, tone, name, note, policies, isLost, tree }: PolicyChangesProps) {
  const id = useId();
  if (policies.length === 0) return null;
  return (
    <section className="move-list" aria-labelledby={id}>
      <h3 id={id} data-tone={tone}>
        {icon} {name} <span className="muted">{policies.length}</span>
        <span className="muted move-note">{note}</span>
      </h3>
      <ul>
        {policies.map((each) => {
          const { policy, target } = each;
          const { text, isCode } = meaning(each, isLost);
          const level: TreeNode | undefined = tree.nodes.get(target.id);
          return (
            <li key={`${policy.id} ${target.id}`}>
              <span className="muted">{shortTypeName(policy.type ?? policy.typeRaw ?? '')}</span>
              <span className="strong truncate">{policy.name ?? policy.id}</span>
              <span className="muted truncate">{level?.name ?? target.id}</span>
              <span className={isCode ? 'mono truncate' : 'muted truncate'} title={text}>
                {text}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What does more than deny, in words. */
function Warnings({ preview: { lost, gained } }: { readonly preview: Preview }) {
  const warnings = [...lost.map((each) => meaning(each, true)), ...gained.map((each) => meaning(each, false))].flatMap(
    ({ warning }) => warning ?? [],
  );
  if (warnings.length === 0) return null;
  const [first, ...rest] = warnings;
  return (
    <span className="form-warning" role="status" title={warnings.join('\n')}>
      <AlertIcon size={14} /> {first}
      {rest.length > 0 && ` ${counted(rest.length, 'more warning')}: ${rest.join(' ')}`}
    </span>
  );
}
