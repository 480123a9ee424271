import { readsOfHint } from './kept-hints.ts';
import type { SweptListName } from './kept-kinds.ts';
import { keptSweeps } from './kept-sweeps.ts';
import { keptEffectsOf } from './kept-writes.ts';
import type { KeptSources } from './sweep-types.ts';

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
  effectsOf: keptEffectsOf,
  readsOfHint,
};
