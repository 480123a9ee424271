import './status-bar.css';
import { useSyncExternalStore } from 'react';
import { BoltIcon, EyeIcon } from '../components/icons.tsx';
import { Menu } from '../components/menu.tsx';
import { Ago } from '../components/time.tsx';
import { backgroundTasks } from '../data/background.ts';
import { useNow } from '../data/clock.ts';
import { costs } from '../data/cost.ts';
import { type GatewayStatus, useGatewayStatus } from '../data/gateway-status.ts';
import type { OpenList } from '../data/lists.ts';
import { useSession } from '../data/session.tsx';
import { useStore } from '../data/store.ts';
import { counted } from '../data/text.ts';
import { localTime, utcDay, utcTime } from '../data/time.ts';
import { ConnectionName, LastChange } from './connection.tsx';

/** The line at the bottom: how current the page is, what it costs, and what time it is at AWS. */
export function StatusBar() {
  return (
    <footer className="status-bar">
      <span className="status-item">
        <ConnectionName /> <LastChange />
      </span>
      <WatchedLists />
      <BackgroundTasks />
      <span className="status-space" />
      <LastAction />
      <Budget />
      <Clock />
    </footer>
  );
}

function WatchedLists() {
  const { lists } = useSession();
  const watched = useStore(lists.watched);
  return (
    <Menu
      className="status-item status-button"
      label={`${counted(watched.length, 'list')} watched`}
      role="dialog"
      button={
        <>
          <EyeIcon size={14} /> {counted(watched.length, 'list')} watched
        </>
      }
    >
      {() => (
        <ul className="status-list">
          {watched.map((list) => (
            <WatchedList key={list.name} list={list} />
          ))}
        </ul>
      )}
    </Menu>
  );
}

function WatchedList({ list }: { readonly list: OpenList }) {
  const { updatedAt, status, rows } = useSyncExternalStore(list.subscribe, list.get);
  return (
    <li>
      <span>{list.name}</span>
      <span className="muted">{rows.size}</span>
      <span className="muted">{status.state === 'live' && updatedAt ? <Ago at={updatedAt} /> : status.state}</span>
    </li>
  );
}

/** What goes on while the reader does something else. */
function BackgroundTasks() {
  const tasks = useStore(backgroundTasks);
  return tasks.map(({ id, text, tone, open }) => (
    <button key={id} type="button" className="status-item status-button" data-tone={tone} onClick={open}>
      <span className="connection-dot" /> {text}
    </button>
  ));
}

function LastAction() {
  const { operations, calls } = useStore(costs);
  const [last] = operations;
  return (
    <>
      <Menu
        className="status-item status-button"
        label="Cost of the last operations"
        role="dialog"
        align="end"
        button={
          <>
            <BoltIcon size={14} /> Last action <b>{counted(last?.calls ?? 0, 'call')}</b>
            {last !== undefined && last.cached > 0 && <span>{last.cached} from memory</span>}
          </>
        }
      >
        {() => (
          <ul className="status-list">
            {operations.map(({ operation, at, calls: own, cached, waitedMs }) => (
              <li key={`${operation}${at.getTime()}`}>
                <span>{operation}</span>
                <span className="muted">
                  {counted(own, 'call')}, {cached} from memory{waitedMs > 0 && `, waited ${waitedMs} ms`}
                </span>
                <span className="muted">
                  <Ago at={at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Menu>
      <span className="status-item">
        Session <b>{counted(calls, 'call')}</b>
      </span>
    </>
  );
}

/** The share of the most used operation's budget that is used, in percent. */
function usedOf({ rateBudget }: GatewayStatus): number {
  return Math.round(100 * Math.max(0, ...rateBudget.map(({ left, burst }) => 1 - left / burst)));
}

function Budget() {
  const status = useGatewayStatus();
  if (!status || status.rateBudget.length === 0) return null;
  const used = usedOf(status);
  return (
    <span className="status-item status-budget">
      <span className="meter" data-tone={used > 80 ? 'amber' : 'green'}>
        <span style={{ width: `${used}%` }} />
      </span>
      Rate budget {used} % used
    </span>
  );
}

const SECOND_MS = 1_000;

/** The time at AWS, which the simulator's clock may have moved. */
function Clock() {
  const now = useNow(SECOND_MS);
  return (
    <span className="status-item">
      {utcDay(now, now, { weekday: true })} <b>{utcTime(now)} UTC</b> {localTime(now)} local
    </span>
  );
}
