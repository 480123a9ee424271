import './change-drawer.css';
import { ActionButton } from '../../actions/action-button.tsx';
import { UndoIcon } from '../../actions/icons.tsx';
import { CopyButton } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { DocumentDiff } from '../../components/document-diff.tsx';
import { Drawer, type DrawerMoves, Fact } from '../../components/drawer.tsx';
import { Failure } from '../../components/states.tsx';
import { useMachineNow } from '../../data/clock.ts';
import { navigate, setParams } from '../../data/location.ts';
import { localTime, utcDay, utcMoment } from '../../data/time.ts';
import { useQuery } from '../../data/use-query.ts';
import { useViewer } from '../../data/viewer.ts';
import { HistoryDocument, type HistoryQueryVariables } from './activity.generated.ts';
import type { ActivityRow } from './columns.tsx';
import { type Change, describe, memberOf, type Names, sourceOf, words as wordsOf } from './describe.ts';
import { MAX_AGE } from './history.ts';
import { oppositeOf, prepare } from './undo.ts';
import { shownValue, tagChanges } from './values.ts';

/** Changes of the object that are listed. */
const MAX_EARLIER = 20;

interface ChangeDrawerProps extends DrawerMoves {
  readonly row: ActivityRow;
  readonly names: Names;
}

/** What a change was: fields or documents before and after, when, by whom, and the object's earlier changes. */
export function ChangeDrawer({ row: { change, words }, names, ...moves }: ChangeDrawerProps) {
  const { objectId, observedAt, caller, source, requestId } = change;
  const at = new Date(observedAt);
  const now = useMachineNow(60_000);
  const principal = useViewer().data?.viewer.principal.name;
  const variables = { first: MAX_EARLIER, after: null, filter: { objectIds: [objectId], until: observedAt } };
  return (
    <Drawer title={`${words.subject} ${words.verb}`} {...moves}>
      <div className="drawer-actions">
        <p className="change-sentence">{sentenceOf(change)}</p>
        <CopyAs
          isSmall
          document={String(HistoryDocument)}
          variables={variables}
          aws="AWS Organizations keeps no history. CloudTrail has the calls of the last 90 days."
        />
      </div>
      <Undo change={change} />
      <Changed change={change} names={names} />
      <dl className="facts">
        <Fact name="When">
          <time dateTime={observedAt}>
            {utcDay(at, now, { weekday: true })} {observedAt.slice(11, 19)} UTC{' '}
            <span className="muted">{localTime(at)} local</span>
          </time>
        </Fact>
        <Fact name="By">
          {sourceOf(change)}
          {caller !== null && <span className="muted"> as {principal}, by GraphQL</span>}
          {source === 'GATEWAY' && caller === null && (
            <span className="muted">, for a caller that only the scope audit:read shows</span>
          )}
        </Fact>
        <Fact name="Object id">
          <span className="mono">{objectId}</span> <CopyButton text={objectId} what="object id" />
        </Fact>
        {requestId && (
          <Fact name="Request id">
            <span className="mono">{requestId}</span> <CopyButton text={requestId} what="request id" />
          </Fact>
        )}
      </dl>
      <Earlier variables={variables} change={change} names={names} />
    </Drawer>
  );
}

/** Opens the opposite form, filled in, or says why there is none. */
function Undo({ change }: { readonly change: Change }) {
  const opposite = oppositeOf(change);
  if ('why' in opposite) return <p className="change-undo">It cannot be undone here. {opposite.why}</p>;
  const { path, params, scope } = opposite;
  return (
    <p className="change-undo">
      <ActionButton
        action="Undoing this change"
        scope={scope}
        icon={<UndoIcon size={14} />}
        onClick={() => {
          prepare(opposite);
          navigate(path, params);
        }}
      >
        Undo this change
      </ActionButton>
      <span>Opens the opposite form, filled in. Nothing is sent yet.</span>
    </p>
  );
}

const SENTENCES = {
  GATEWAY: 'Made through this gateway.',
  HINT: 'Made outside of this gateway. A CloudTrail event made it look.',
  POLL: 'Seen by polling: made outside of this gateway, or by AWS itself.',
} as const;

const sentenceOf = ({ source }: Change): string => SENTENCES[source];

function Changed({ change, names }: { readonly change: Change; readonly names: Names }) {
  const content = memberOf(change, 'content');
  const tags = memberOf(change, 'tags');
  const fields = change.members.filter(({ name }) => name !== 'content' && name !== 'tags');
  const textOf = (name: string, value: unknown) => {
    const { text } = shownValue(value);
    return name === 'parent' || name === 'policy' ? (names.get(text) ?? text) : text;
  };
  return (
    <section className="drawer-section changed">
      <h3>What changed</h3>
      {tags && (
        <ul className="changed-tags">
          {tagChanges(tags.before, tags.after).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {content && <DocumentDiff before={textOfDocument(content.before)} after={textOfDocument(content.after)} />}
      {fields.length > 0 && (
        <table className="changed-fields">
          <thead>
            <tr>
              <th scope="col">Field</th>
              {change.kind !== 'ADDED' && <th scope="col">Before</th>}
              {change.kind !== 'REMOVED' && <th scope="col">After</th>}
            </tr>
          </thead>
          <tbody>
            {fields.map(({ name, before, after }) => (
              <tr key={name}>
                <th scope="row">{wordsOf(name)}</th>
                {change.kind !== 'ADDED' && <td>{textOf(name, before)}</td>}
                {change.kind !== 'REMOVED' && <td>{textOf(name, after)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const textOfDocument = (value: unknown): string => (typeof value === 'string' ? value : '');

interface EarlierProps {
  readonly variables: HistoryQueryVariables;
  readonly change: Change;
  readonly names: Names;
}

function Earlier({ variables, change, names }: EarlierProps) {
  const now = useMachineNow(60_000);
  const { data, errors, reload } = useQuery(HistoryDocument, variables, { maxAge: MAX_AGE });
  const [error] = errors;
  if (error) return <Failure title="Earlier changes cannot be read" error={error} onRetry={reload} />;
  const history = data?.organization?.history;
  if (!history) return null;
  const earlier = history.nodes.filter(({ id }) => id !== change.id);
  return (
    <section className="drawer-section">
      <h3>
        Earlier changes of this object
        <span className="earlier-count">
          {earlier.length}
          {history.pageInfo.hasNextPage && '+'}
        </span>
      </h3>
      {earlier.length === 0 ? (
        <p className="muted">None is kept.</p>
      ) : (
        <ol className="steps">
          {earlier.map((each) => {
            const { verb, after } = describe(each, names, now);
            return (
              <li key={each.id}>
                <span className="earlier-dot" />
                <button type="button" className="earlier truncate" onClick={() => setParams({ open: each.id })}>
                  {verb[0]?.toUpperCase()}
                  {verb.slice(1)}
                  {after && `: ${after.text}`}
                </button>
                <time dateTime={each.observedAt} className="muted">
                  {utcMoment(new Date(each.observedAt), now)} UTC
                </time>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
