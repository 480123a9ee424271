import { configSchema } from '../../../src/config/index.ts';
import { createWatcher, type JournalStore } from '../../../src/watcher/index.ts';
import type { KeepOptions, KeptListName, KeptOrganization } from '../../../src/watcher/kept-types.ts';
import type { KeptSources } from '../../../src/watcher/sweep-types.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { OrganizationUpstream } from './fake-organization.ts';
import { principalOf } from './fake-upstream.ts';
import { start } from './index.ts';

export const keepOptions: KeepOptions = {
  maxAgeMs: 900_000,
  tagsMaxAgeMs: 3_600_000,
  budgetShare: 0.5,
  tags: true,
  policyContents: true,
};

export interface KeptTestOptions {
  readonly clock?: ManualClock;
  readonly upstream?: OrganizationUpstream;
  readonly journals?: JournalStore;
  readonly keptSources?: KeptSources;
  readonly keep?: Partial<KeepOptions>;
}

/** The copy of a fake organization, over a clock that only tests advance. */
export const createKept = ({ keep, journals, keptSources, ...given }: KeptTestOptions = {}) => {
  const clock = given.clock ?? new ManualClock(start);
  const upstream = given.upstream ?? new OrganizationUpstream(clock);
  const { watch } = configSchema.parse({});
  const warnings: object[] = [];
  const errors: object[] = [];
  const log = {
    warn: (details: object) => void warnings.push(details),
    error: (details: object) => void errors.push(details),
    info: () => undefined,
  };
  const watcher = createWatcher(upstream, watch, { clock, random: () => 0, journals, keptSources, log });
  const principal = principalOf('partner');
  const open = () => watcher.keep(principal, { ...keepOptions, ...keep });
  return { clock, upstream, world: upstream.world, watcher, principal, open, warnings, errors };
};

/** The ids of the published objects of a list; undefined before it is complete. */
export const idsOf = (kept: KeptOrganization, list: KeptListName): string[] | undefined => {
  const { objects } = kept.list(list);
  return objects && [...objects.keys()].sort();
};

/** Advances the clock until the list is complete, or fails after 10 minutes. */
export const untilComplete = async (clock: ManualClock, kept: KeptOrganization, ...lists: KeptListName[]) => {
  for (let waited = 0; waited < 600_000; waited += 100) {
    if (lists.every((list) => kept.list(list).objects !== undefined)) return;
    await clock.advance(100);
  }
  throw new Error(
    `Not complete after 10 minutes: ${lists.map((list) => `${list} ${kept.list(list).state}`).join(', ')}`,
  );
};
