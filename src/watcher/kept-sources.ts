import { readsOfHint } from './kept-hints.ts';
import type { SweptListName } from './kept-kinds.ts';
import { keptSweeps } from './kept-sweeps.ts';
import { isSwept, keptEffectsOf } from './kept-writes.ts';
import type { KeptSources } from './sweep-types.ts';
import { readsOfUncertainWrite } from './uncertain-writes.ts';

/** The order in which lists that share a rate limit are read. */
const order: readonly SweptListName[] = [
  'organization',
  'roots',
  'accounts',
  'organizationalUnits',
  'policies',
  'resourcePolicy',
  'enabledServices',
  'delegatedAdministrators',
  'policyAttachments',
  'policyContents',
  'tags',
];

/** How the copy reads AWS's lists, and what writes and events mean for them. */
export const keptSources: KeptSources = {
  sweeps: ({ tags, policyContents }) =>
    order
      .filter((list) => (tags || list !== 'tags') && (policyContents || list !== 'policyContents'))
      .map((list) => keptSweeps[list]),
  effectsOf(write, lists) {
    if (write.output !== undefined) return keptEffectsOf(write, lists);
    const reads = readsOfUncertainWrite(write, lists).filter(isSwept);
    return reads.length === 0 ? undefined : { puts: [], deletes: [], reads };
  },
  readsOfHint,
};
