import { FilterMenu } from '../../components/filter-menu.tsx';
import { useParam } from '../../data/location.ts';
import { useViewer } from '../../data/viewer.ts';
import type { ChangeSource, HistoryFilter } from './activity.generated.ts';
import type { Change } from './describe.ts';
import { KINDS, type KindName } from './kinds.tsx';

/** Kinds of changes, of which one or all are shown. */
export function KindChips() {
  const [kind, setKind] = useParam('kind');
  return (
    <div className="activity-kinds" role="group" aria-label="Kind">
      <button type="button" className="filter" aria-pressed={kind === undefined} onClick={() => setKind(undefined)}>
        All kinds
      </button>
      {Object.entries(KINDS).map(([id, { name, Icon }]) => (
        <button
          key={id}
          type="button"
          className="filter"
          aria-pressed={kind === (id as KindName)}
          onClick={() => setKind(kind === id ? undefined : id)}
        >
          <Icon size={14} /> {name}
        </button>
      ))}
    </div>
  );
}

const SOURCES: readonly { readonly value: string; readonly source: ChangeSource; readonly label: string }[] = [
  { value: 'source:gateway', source: 'GATEWAY', label: 'This gateway' },
  { value: 'source:poll', source: 'POLL', label: 'Seen by polling' },
  { value: 'source:hint', source: 'HINT', label: 'Seen by CloudTrail' },
];
const CALLER = 'caller:';

/** `by`: as the URL has it. */
export function sourceFilter(by: string | undefined): Pick<HistoryFilter, 'sources' | 'callers'> {
  if (by?.startsWith(CALLER)) return { callers: [by.slice(CALLER.length)] };
  const found = SOURCES.find(({ value }) => value === by);
  return found === undefined ? {} : { sources: [found.source] };
}

/** Who made the changes, or how they were found. */
export function ByMenu({ changes }: { readonly changes: readonly Change[] }) {
  const [by, setBy] = useParam('by');
  const scopes = useViewer().data?.viewer.scopes ?? [];
  const known = new Set(changes.map(({ caller }) => caller).filter((caller) => caller !== null));
  if (by?.startsWith(CALLER)) known.add(by.slice(CALLER.length));
  const callers = scopes.includes('audit:read') ? [...known].sort() : [];
  return (
    <FilterMenu
      name="By"
      any="Anyone"
      value={by}
      options={[...callers.map((caller) => ({ value: CALLER + caller, label: caller })), ...SOURCES]}
      onChange={setBy}
    />
  );
}
