import type { PrincipalUsage } from '../upstream/index.ts';
import type { PollerStatus } from '../watcher/index.ts';
import { builder } from './builder.ts';
import { noCalls } from './cost/rules.ts';
import type { GatewayStatus, PrincipalStatus } from './gateway-monitor.ts';
import { dateOf, InventoryRef } from './inventory.ts';
import { NotificationStatusRef } from './notifications.ts';
import { requires } from './scopes.ts';

const CallsPerMinuteRef = builder.objectRef<PrincipalUsage['minutes'][number]>('CallsPerMinute').implement({
  description: 'The calls of one minute.',
  fields: (t) => ({
    minute: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'The start of the minute, by the clock of AWS.',
      resolve: ({ minute }) => new Date(minute),
    }),
    calls: t.exposeInt('calls', { nullable: false, description: 'Calls to AWS, with retries.' }),
    cached: t.exposeInt('cached', { nullable: false, description: 'Reads that the cache answered.' }),
    throttled: t.exposeInt('throttled', { nullable: false, description: 'Calls that AWS throttled.' }),
  }),
});

const RateBudgetRef = builder.objectRef<PrincipalUsage['budget'][number]>('RateBudget').implement({
  description: "AWS's limit for one operation, which all principals of an account share, and what is left of it.",
  fields: (t) => ({
    operation: t.exposeString('operation', { nullable: false, description: 'The operation of AWS Organizations.' }),
    left: t.float({
      nullable: false,
      description: 'How many calls can be made now without a wait.',
      resolve: ({ left }) => Math.round(left * 100) / 100,
    }),
    burst: t.exposeInt('burst', { nullable: false, description: 'Maximum number of calls at once.' }),
    ratePerSecond: t.exposeFloat('ratePerSecond', { nullable: false, description: 'Calls a second in the long run.' }),
    callsLastHour: t.exposeInt('callsLastHour', {
      nullable: false,
      description: 'Calls of this principal in the last hour.',
    }),
  }),
});

const PollerStatusRef = builder.objectRef<PollerStatus>('PollerStatus').implement({
  description: 'A list that is polled for subscribers, or for the copy of the organization.',
  fields: (t) => ({
    list: t.exposeString('list', {
      nullable: false,
      description: 'The list, such as `organizationHandshakes`, or `describe:<id>` for one object.',
    }),
    intervalMs: t.exposeInt('intervalMs', {
      nullable: false,
      description: 'The time between two reads at the moment, in ms; the longest one if another replica polls.',
    }),
    subscribers: t.exposeInt('subscribers', {
      nullable: false,
      description: 'Subscribers of this replica; 0 if only the copy of the organization needs the list.',
    }),
    lastReadAt: t.field({
      type: 'DateTime',
      description: 'When the last complete read ended; null before the first.',
      resolve: ({ lastReadOn }) => dateOf(lastReadOn),
    }),
    error: t.exposeString('error', { description: 'Why the last read failed; null after a success.' }),
  }),
});

const PrincipalStatusRef = builder.objectRef<PrincipalStatus>('PrincipalStatus').implement({
  description: 'Whether AWS answers a principal.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'The name to choose it by.' }),
    accountId: t.exposeString('accountId', {
      description: 'Its account; null if neither the configuration nor a call has shown it yet.',
    }),
    ready: t.boolean({
      nullable: false,
      description: 'False if AWS did not answer its last call, or refused the credentials. True before its first call.',
      resolve: ({ code }) => code === undefined,
    }),
    code: t.exposeString('code', { description: 'The error code of that call; null for a principal that is ready.' }),
  }),
});

const GatewayStatusRef = builder.objectRef<GatewayStatus>('GatewayStatus').implement({
  description: 'The state of the gateway for the principal of the operation. Each replica reports its own.',
  fields: (t) => ({
    now: t.field({
      type: 'DateTime',
      nullable: false,
      description:
        "The time at AWS, or at the simulator, by the last reply to the principal; the gateway's before the first.",
      resolve: ({ now }) => new Date(now),
    }),
    version: t.exposeString('version', { nullable: false, description: 'The version of orgql.' }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: "When the gateway was started, by the machine's clock.",
      resolve: ({ startedAt }) => new Date(startedAt),
    }),
    inventory: t.expose('inventory', {
      type: InventoryRef,
      description: "The copy of the principal's organization; null if it is not kept.",
    }),
    upstreamCalls: t.field({
      type: [CallsPerMinuteRef],
      nullable: { list: false, items: false },
      description: 'The calls of the principal in each of the last 60 minutes, the present one last.',
      resolve: ({ usage }) => [...usage.minutes],
    }),
    rateBudget: t.field({
      type: [RateBudgetRef],
      nullable: { list: false, items: false },
      description: 'The budget of each operation, by name; empty with the setting `upstream.budget: off`.',
      resolve: ({ usage }) => [...usage.budget],
    }),
    pollers: t.field({
      type: [PollerStatusRef],
      nullable: { list: false, items: false },
      description: 'The lists of the principal that are polled now; at most 100.',
      resolve: ({ pollers }) => [...pollers],
    }),
    notifications: t.field({
      type: [NotificationStatusRef],
      nullable: { list: false, items: false },
      description: 'The destinations that receive changes of the principal (setting `notifications`).',
      resolve: ({ notifications }) => [...notifications],
    }),
    principals: t.field({
      type: [PrincipalStatusRef],
      nullable: { list: false, items: false },
      description: 'The principals that the caller may choose; the first is the default.',
      resolve: ({ principals }) => [...principals],
    }),
  }),
});

builder.queryField('gatewayStatus', (t) =>
  t.field({
    type: GatewayStatusRef,
    nullable: false,
    description: 'The state of the gateway. Costs no call.',
    extensions: { ...noCalls, ...requires('gateway:read') },
    resolve: (_root, _args, { settings, principal, principals }) => settings.monitor.status(principal, principals),
  }),
);

builder.subscriptionField('gatewayStatusChanges', (t) =>
  t.field({
    type: GatewayStatusRef,
    nullable: false,
    description:
      'The state of the gateway now, and again when it changes, at most once a second. Costs no call. It does not resume: a new subscription starts with the present state.',
    extensions: { ...noCalls, ...requires('gateway:read') },
    subscribe: (_root, _args, { settings, principal, principals }) => settings.monitor.changes(principal, principals),
    resolve: (status) => status,
  }),
);
