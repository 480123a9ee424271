import './invitations.css';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { FilterField, Segmented } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { DataGrid } from '../../components/data-grid.tsx';
import { ExportCsv } from '../../components/export-csv.tsx';
import { FilterMenu } from '../../components/filter-menu.tsx';
import type { GridGroup } from '../../components/grid-items.ts';
import { MailIcon } from '../../components/icons.tsx';
import { Page } from '../../components/page.tsx';
import { Empty, ListStates, NoMatch } from '../../components/states.tsx';
import { useOpenRow } from '../../components/use-open-row.ts';
import { useNow } from '../../data/clock.ts';
import { setParams, useParam } from '../../data/location.ts';
import { counted, matcher } from '../../data/text.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { EnableFeaturesButton, InviteButton } from './actions/invitation-actions.tsx';
import { cardHeightOf, columnsOf, InvitationCard } from './columns.tsx';
import { InvitationDrawer } from './invitation-drawer.tsx';
import { InvitationSelectionBar, InvitationSelectionDrawer } from './invitation-selection.tsx';
import { receivedInvitations, sentInvitations } from './lists.ts';
import { type Invitation, KIND_NAMES, type Side } from './model.ts';
import { sentenceOf } from './sentences.ts';
import { useInvitations } from './use-invitations.ts';

const InviteForm = lazy(() => import('./actions/invite-form.tsx'));

const EnableFeaturesForm = lazy(() => import('./actions/enable-features-form.tsx'));

const idOf = ({ id }: Invitation) => id;
const groupOf = ({ isOpen }: Invitation) => (isOpen ? 'open' : 'over');

const STATES = ['Ready to enable', 'Awaiting answer', 'Accepted', 'Declined', 'Canceled', 'Expired'];

/** Times within which an invitation expires, in hours. */
const WITHIN = [
  { value: '48', label: '48 hours' },
  { value: '168', label: '7 days' },
];

export default function Invitations() {
  const own = useOwnOrganization();
  const [sideParam] = useParam('side');
  const side: Side = sideParam === 'received' || (sideParam === undefined && !own.isMember) ? 'received' : 'sent';
  const sent = useInvitations('sent');
  const received = useInvitations('received');
  const { list, invitations } = side === 'sent' ? sent : received;
  const [typed = '', setTyped] = useParam('q');
  const [kind, setKind] = useParam('for');
  const [state, setState] = useParam('state');
  const [within, setWithin] = useParam('within');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const now = useNow();

  const text = useDeferredValue(typed);
  const rows = useMemo(() => {
    const matches = matcher(text);
    const until = within === undefined ? undefined : now.getTime() + Number(within) * 3_600_000;
    return invitations.filter(
      (invitation) =>
        (kind === undefined || invitation.kind === kind) &&
        (state === undefined || invitation.state === state) &&
        (until === undefined || (invitation.isOpen && Date.parse(invitation.expires ?? '') < until)) &&
        matches(invitation.name, invitation.partyId, invitation.email, invitation.id),
    );
  }, [invitations, text, kind, state, within, now]);

  // Their headers have totals, which are not known while rows arrive.
  const groups = useMemo(() => (list.isReady ? groupsOf(side, rows) : undefined), [list.isReady, side, rows]);
  const columns = useMemo(() => columnsOf(side), [side]);
  const { openId, open, onOpen, moves } = useOpenRow(invitations, rows);
  const { action, filled, closeAction } = useOpenAction('invitations');
  const pageForm = side === 'sent' && own.isMember ? action : undefined;
  const clear = () =>
    setParams({ q: undefined, for: undefined, state: undefined, within: undefined }, { replace: true });
  const chosen = rows.filter(({ id }) => selected.has(id));
  const isEnabling = sent.invitations.some(({ approvals, isOpen }) => approvals !== undefined && isOpen);

  return (
    <Page
      title="Invitations"
      beside={
        <Segmented
          label="Side"
          kind="tabs"
          value={side}
          options={[
            { value: 'sent', label: 'Sent', count: sent.list.isReady ? sent.invitations.length : undefined },
            {
              value: 'received',
              label: 'Received',
              count: received.list.isReady ? received.invitations.length : undefined,
            },
          ]}
          onChange={(next) => setParams({ side: next, open: undefined, action: undefined })}
        />
      }
      actions={
        <>
          {pageForm === undefined && (
            <CopyAs
              document={(side === 'sent' ? sentInvitations : receivedInvitations).document}
              aws={[`aws organizations list-handshakes-for-${side === 'sent' ? 'organization' : 'account'}`]}
            />
          )}
          <ExportCsv
            name={`invitations-${side}`}
            rowsOf={() => csvOf(chosen.length > 0 ? chosen : rows)}
            selected={chosen.length}
            isComplete={list.isReady}
          />
          {side === 'sent' && own.lacksFeatures && !isEnabling && <EnableFeaturesButton />}
          {side === 'sent' && own.isMember && <InviteButton />}
        </>
      }
      drawer={
        pageForm === 'cancel-selected' ? (
          <InvitationSelectionDrawer side={side} chosen={chosen} onClose={closeAction} />
        ) : pageForm !== undefined ? (
          <Suspense fallback={null}>
            {pageForm === 'invite' ? (
              <InviteForm invitations={sent.invitations} filled={filled} onClose={closeAction} />
            ) : (
              <EnableFeaturesForm invitations={sent.invitations} onClose={closeAction} />
            )}
          </Suspense>
        ) : (
          open && <InvitationDrawer key={open.id} side={side} invitation={open} {...moves} />
        )
      }
    >
      {side === 'sent' && !own.isMember ? (
        <Empty icon={<MailIcon size={20} />} title="This account is in no organization">
          It can answer invitations that it received, and cannot send any.
        </Empty>
      ) : (
        <ListStates title="The invitations cannot be read" list={list}>
          {invitations.length === 0 ? (
            <Empty
              icon={<MailIcon size={20} />}
              title={side === 'sent' ? 'No invitations sent' : 'No invitations received'}
              actions={side === 'sent' && <InviteButton />}
            >
              {side === 'sent'
                ? 'Accounts and organizations that you have invited would be here, for 30 days after their answer.'
                : 'Organizations that ask this account to join them, or to pay its bill, would be here.'}
            </Empty>
          ) : (
            <>
              <div className="page-toolbar">
                <FilterField
                  label="Filter invitations"
                  placeholder="Name, e-mail, account or id"
                  value={typed}
                  onChange={setTyped}
                />
                <FilterMenu
                  name="For"
                  value={kind}
                  options={Object.entries(KIND_NAMES).map(([value, label]) => ({ value, label }))}
                  onChange={setKind}
                />
                <FilterMenu
                  name="State"
                  value={state}
                  options={STATES.map((value) => ({ value, label: value }))}
                  onChange={setState}
                />
                <FilterMenu name="Expires within" any="Any time" value={within} options={WITHIN} onChange={setWithin} />
                <span className="spacer muted">{list.isReady && counted(rows.length, 'invitation')}</span>
              </div>
              {chosen.length > 0 && (
                <InvitationSelectionBar side={side} chosen={chosen} onClear={() => setSelected(new Set())} />
              )}
              <DataGrid
                label={side === 'sent' ? 'Sent invitations' : 'Received invitations'}
                columns={columns}
                rows={rows}
                idOf={idOf}
                {...(groups && { groups, groupOf })}
                openId={openId}
                onOpen={onOpen}
                selection={{ ids: selected, onChange: setSelected }}
                changed={list.changed}
                card={(invitation) => (
                  <InvitationCard invitation={invitation} sentence={sentenceOf(side, invitation, own.name, now)} />
                )}
                cardHeight={cardHeightOf}
                layout={JSON.stringify([side, text, kind, state, within])}
                empty={<NoMatch noun="invitation" onClear={clear} />}
              />
            </>
          )}
        </ListStates>
      )}
    </Page>
  );
}

function groupsOf(side: Side, rows: readonly Invitation[]): readonly GridGroup[] {
  const open = rows.filter(({ isOpen }) => isOpen);
  const due = open.filter(({ isDue }) => isDue).length;
  return [
    {
      id: 'open',
      header: (
        <>
          <b>{side === 'sent' ? 'Open' : 'To answer'}</b>
          <span>{open.length}</span>
          {due > 0 && <span className="invitation-due">{due === 1 ? '1 expires' : `${due} expire`} within 48 h</span>}
        </>
      ),
    },
    {
      id: 'over',
      header: (
        <>
          <b>Answered or over</b>
          <span>{rows.length - open.length}</span>
        </>
      ),
    },
  ];
}

const CSV_HEADER = [
  ...['name', 'partyId', 'for', 'state', 'awsAction', 'awsState', 'requestedTimestamp', 'expirationTimestamp'],
  ...['notes', 'handshakeId', 'transferId'],
];

const csvOf = (rows: readonly Invitation[]) => [
  CSV_HEADER,
  ...rows.map(({ name, partyId, kind, state, action, status, sent, expires, notes, id, transferId }) => [
    ...[name, partyId, KIND_NAMES[kind], state, action, status, sent, expires],
    ...[notes, id, transferId],
  ]),
];
