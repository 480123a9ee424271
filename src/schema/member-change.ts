import type { MemberChange } from '../watcher/index.ts';
import { builder } from './builder.ts';

export const MemberChangeRef = builder.objectRef<MemberChange>('MemberChange').implement({
  description: 'A member of an object that has changed.',
  fields: (t) => ({
    name: t.exposeString('name', {
      nullable: false,
      description:
        "The field's name in the graph: `name`, `state`, … Also `parent` (its id), `tags` (a list of `key` and `value`), of a root `policyTypes` (a list of `type` and `status`) and, of a policy, `content`.",
    }),
    before: t.field({ type: 'JSON', description: 'The value before.', resolve: ({ before }) => before }),
    after: t.field({ type: 'JSON', description: 'The value now.', resolve: ({ after }) => after }),
  }),
});
