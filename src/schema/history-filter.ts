import { GraphQLError } from 'graphql';
import type { HistoryFilter as HistoryConditions } from '../inventory/types.ts';
import type {
  ChangedType as ChangedTypeName,
  ChangeKind as ChangeKindName,
  ChangeSource as ChangeSourceName,
} from '../watcher/index.ts';
import { builder } from './builder.ts';
import { badInput } from './ids.ts';
import { expectRange, expectSearchText, expectValues } from './search/filter-rules.ts';

export const ChangedType = builder.enumType('ChangedType', {
  description: 'What a change is a change of.',
  values: {
    ORGANIZATION: { description: 'The organization itself: its features, its management account.' },
    ROOT: { description: 'A root: its name, its policy types.' },
    ACCOUNT: { description: 'An account.' },
    ORGANIZATIONAL_UNIT: { description: 'An organizational unit.' },
    POLICY: { description: 'A policy, or its text.' },
    POLICY_ATTACHMENT: { description: 'The attachment of a policy to a root, an organizational unit or an account.' },
    DELEGATED_ADMINISTRATOR: { description: 'A delegated administrator, or its services.' },
    ENABLED_SERVICE: { description: 'The access of a service of AWS to the organization.' },
    RESOURCE_POLICY: { description: 'The resource policy of the organization.' },
    TAG: { description: 'The tags of a resource.' },
    HANDSHAKE: { description: 'A handshake.' },
    RESPONSIBILITY_TRANSFER: { description: 'A responsibility transfer.' },
    CREATE_ACCOUNT_STATUS: { description: 'The creation of an account.' },
  } satisfies Record<ChangedTypeName, object>,
});

export const ChangeKind = builder.enumType('ChangeKind', {
  description: 'The kind of a change.',
  values: {
    ADDED: { description: 'The object is new; the first tags of a resource.' },
    CHANGED: { description: 'The object has changed.' },
    REMOVED: { description: 'The object is gone; the last tags of a resource.' },
  } satisfies Record<ChangeKindName, object>,
});

export const ChangeSource = builder.enumType('ChangeSource', {
  description: 'How a change was found.',
  values: {
    GATEWAY: { description: 'A write through this or another replica.' },
    HINT: { description: 'A read that a CloudTrail event made necessary.' },
    POLL: { description: 'A poll or a sweep, and what AWS changes as a consequence of a write.' },
  } satisfies Record<ChangeSourceName, object>,
});

export const HistoryFilter = builder.inputType('HistoryFilter', {
  description: 'All given conditions must hold.',
  fields: (t) => ({
    objectIds: t.idList({
      description:
        'Changes of these objects: at most 100 ids, or service principals. Those of a policy include its attachments.',
    }),
    types: t.field({ type: [ChangedType], description: 'Changes of one of these types.' }),
    kinds: t.field({ type: [ChangeKind], description: 'Changes of one of these kinds.' }),
    text: t.string({
      description: "The object's name or id, or a value before or after, contains this. Ignores case.",
    }),
    sources: t.field({ type: [ChangeSource], description: 'Changes that were found in one of these ways.' }),
    callers: t.stringList({
      description: 'Changes by one of these callers, through the gateway. Needs the scope `audit:read`.',
    }),
    since: t.field({ type: 'DateTime', description: 'Changes that were observed then or later.' }),
    until: t.field({ type: 'DateTime', description: 'Changes that were observed then or earlier.' }),
  }),
});

/** Each object's changes are read apart. */
const MAX_OBJECTS = 100;
const MAX_CALLERS = 100;
/** In characters. */
const MAX_ID_LENGTH = 256;

/**
 * @param isAuditor Whether the caller may see the callers of changes.
 * @throws GraphQLError BAD_USER_INPUT for an invalid filter; FORBIDDEN for `callers` without the scope.
 */
export function checkHistoryFilter(filter: HistoryConditions, isAuditor: boolean): void {
  expectValues('filter.objectIds', filter.objectIds, MAX_OBJECTS);
  for (const [index, id] of (filter.objectIds ?? []).entries()) {
    if (id.trim() === '' || id.length > MAX_ID_LENGTH)
      throw badInput(
        `filter.objectIds[${index}]`,
        `an id has 1 to ${MAX_ID_LENGTH} characters; this has ${id.length}.`,
      );
  }
  expectValues('filter.types', filter.types);
  expectValues('filter.kinds', filter.kinds);
  expectValues('filter.sources', filter.sources);
  expectValues('filter.callers', filter.callers, MAX_CALLERS);
  expectSearchText('filter.text', filter.text, MAX_ID_LENGTH);
  expectRange(['filter.since', filter.since], ['filter.until', filter.until]);
  if (filter.callers == null || isAuditor) return;
  throw new GraphQLError('filter.callers needs the scope audit:read. Leave it out, or add the scope.', {
    extensions: { code: 'FORBIDDEN', missingScopes: ['audit:read'], fields: ['filter.callers'], retryable: false },
  });
}
