import type { ObjectRef } from '@pothos/core';
import type { WatchEvent, WatchEventType } from '../watcher/index.ts';
import { builder } from './builder.ts';
import type { GraphContext } from './context.ts';

const ChangeType = builder.enumType('ChangeType', {
  description: 'The type of an event.',
  values: {
    SNAPSHOT: { description: 'The object as it is when the subscription begins.' },
    BOOKMARK: {
      description:
        'The end of the initial snapshot, or of the missed events; the object is null. Also sent periodically, so that the cursor of an idle subscriber does not expire.',
    },
    ADDED: { description: 'The object is new.' },
    CHANGED: { description: 'The object has changed.' },
    REMOVED: {
      description:
        'The object is no longer in the list; the event has its last state. AWS removes handshakes 30 days after their final state.',
    },
  } satisfies Record<WatchEventType, object>,
});

export const after = builder.args((t) => ({
  after: t.string({
    description: 'Cursor of the last event received: the missed events come first, instead of a snapshot.',
  }),
}));

/** Gives each event its own session, so that its calls have their own cache, cost and deadline. */
export function renewSession<T>(event: T, context: GraphContext): T {
  context.renewSession();
  return event;
}

/** The type of an event, whatever its object. */
type EventRef = ObjectRef<typeof builder.$inferSchemaTypes, WatchEvent<unknown>, WatchEvent<unknown>>;

/** Adds the fields that every event has. */
export function implementEventFields(ref: EventRef): void {
  builder.objectFields(ref, (t) => ({
    cursor: t.exposeString('cursor', {
      nullable: false,
      description: 'Opaque; `after: cursor` resumes after this event.',
    }),
    type: t.field({
      type: ChangeType,
      nullable: false,
      description: 'The type of the event.',
      resolve: (event) => event.type,
    }),
    reset: t.exposeBoolean('reset', {
      nullable: false,
      description:
        'True in the SNAPSHOT events and in the BOOKMARK that ends them: discard the objects of earlier events and keep these. With `after`, it means that the missed events are no longer retained.',
    }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When the gateway observed it.',
      resolve: (event) => event.observedAt,
    }),
  }));
}
