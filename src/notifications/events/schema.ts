import { z } from 'zod';
import { EVENTS_SCHEMA_URL } from './event.ts';
import type { ObjectType } from './objects.ts';

const text = z.string();
const time = z.string().meta({ format: 'date-time' });
const optional = <T extends z.ZodRawShape>(shape: T) =>
  z
    .object(shape)
    .partial()
    .required({ id: true } as never);

interface Resource {
  readonly type?: string | undefined;
  readonly value?: string | undefined;
  readonly resources?: readonly Resource[] | undefined;
}
const resource: z.ZodType<Resource> = z
  .object({ type: text, value: text, resources: z.lazy(() => z.array(resource)) })
  .partial()
  .meta({ id: 'HandshakeResource' });

const participant = z.object({ managementAccountId: text, managementAccountEmail: text }).partial();

/** The objects as `describeObject` makes them. AWS may add values to enumerations, so they are texts. */
const objects: Readonly<Record<ObjectType, z.ZodType>> = {
  handshake: optional({
    id: text,
    arn: text,
    action: text,
    state: text,
    requestedTimestamp: time,
    expirationTimestamp: time,
    parties: z.array(z.object({ id: text, type: text }).partial()),
    resources: z.array(resource),
  }),
  responsibilityTransfer: optional({
    id: text,
    arn: text,
    name: text,
    type: text,
    status: text,
    source: participant,
    target: participant,
    startTimestamp: time,
    endTimestamp: time,
    activeHandshakeId: text,
  }),
  account: optional({
    id: text,
    arn: text,
    name: text,
    email: text,
    state: text,
    status: text,
    joinedMethod: text,
    joinedTimestamp: time,
    parent: text,
  }),
  organizationalUnit: optional({ id: text, arn: text, name: text, parent: text }),
  policy: optional({ id: text, arn: text, name: text, description: text, type: text, awsManaged: z.boolean() }),
  policyAttachment: z.object({ id: text, policyId: text, targetId: text }),
  delegatedAdministrator: optional({
    id: text,
    arn: text,
    name: text,
    email: text,
    state: text,
    status: text,
    joinedMethod: text,
    joinedTimestamp: time,
    delegationEnabledDate: time,
    delegatedServices: z.array(z.object({ servicePrincipal: text, delegationEnabledDate: time }).partial()),
  }),
  createAccountStatus: optional({
    id: text,
    accountName: text,
    state: text,
    requestedTimestamp: time,
    completedTimestamp: time,
    accountId: text,
    govCloudAccountId: text,
    failureReason: text,
  }),
};

const member = z
  .object({ name: text, before: z.unknown(), after: z.unknown() })
  .meta({ id: 'MemberChange', description: 'A changed member, with its name in the graph. Null: it had no value.' });

const envelope = {
  specversion: z.literal('1.0'),
  id: text.min(1).meta({ description: 'The same for each delivery of the event.' }),
  source: text.min(1).meta({ description: "The organization's ARN, and the list after #." }),
  subject: text.min(1).meta({ description: "The object's id." }),
  time: time.meta({ description: 'When the change was observed.' }),
  datacontenttype: z.literal('application/json'),
  dataschema: z.literal(EVENTS_SCHEMA_URL),
  sequence: z
    .string()
    .regex(/^\d{16}$/)
    .meta({ description: 'The order of the events of a destination. It compares as text.' }),
};

const withoutSubject = { ...envelope, subject: envelope.subject.optional() };

const kinds = {
  added: 'is new, or begins to match the filter of the destination',
  changed: 'has changed',
  removed: 'is gone, or ceases to match the filter of the destination',
} as const;

/** Objects with a date that a reminder announces. */
const expiring: Readonly<Partial<Record<ObjectType, readonly [string, ...string[]]>>> = {
  handshake: ['EXPIRES'],
  responsibilityTransfer: ['STARTS', 'ENDS'],
};

const eventsOf = (type: ObjectType): readonly z.ZodType[] => {
  const object = objects[type].meta({ id: type });
  const changes = Object.entries(kinds).map(([kind, meaning]) =>
    z
      .object({
        ...envelope,
        type: z.literal(`dev.orgql.${type}.${kind}.v1`),
        data: z.object({ [type]: object, members: z.array(member) }),
      })
      .meta({ title: `dev.orgql.${type}.${kind}.v1`, description: `The object ${meaning}.` }),
  );
  const deadlines = expiring[type];
  if (deadlines === undefined) return changes;
  const reminder = z
    .object({
      ...envelope,
      type: z.literal(`dev.orgql.${type}.expiring.v1`),
      data: z.object({ [type]: object, deadline: z.enum(deadlines), at: time }),
    })
    .meta({ title: `dev.orgql.${type}.expiring.v1`, description: 'A date of the object comes soon.' });
  return [...changes, reminder];
};

const gap = z
  .object({
    ...withoutSubject,
    type: z.literal('dev.orgql.gap.v1'),
    data: z.object({
      reason: z.enum(['OUTBOX_FULL', 'LOG_LOST']),
      since: time,
      until: time,
      events: z.number().int().nullable(),
      firstId: text.nullable(),
      lastId: text.nullable(),
      list: text.nullable(),
    }),
  })
  .meta({ title: 'dev.orgql.gap.v1', description: 'Events of this time are not delivered.' });

const sample = z
  .object({
    ...withoutSubject,
    type: z.literal('dev.orgql.test.v1'),
    data: z.object({ destination: text, message: text }),
  })
  .meta({ title: 'dev.orgql.test.v1', description: 'A sample, which `orgql notifications test` sends.' });

/** schemas/events.json: the JSON Schema of all events. */
export function eventsSchema(): Readonly<Record<string, unknown>> {
  const types = Object.keys(objects) as ObjectType[];
  const events = z.union([gap, sample, ...types.flatMap(eventsOf)]);
  const schema = z.toJSONSchema(events, { io: 'output', unrepresentable: 'any' });
  const { $schema, anyOf, $defs, ...rest } = schema;
  return {
    $schema,
    $id: EVENTS_SCHEMA_URL,
    title: 'Events of orgql',
    description: 'CloudEvents 1.0 that destinations of the setting `notifications` receive.',
    ...rest,
    oneOf: anyOf,
    $defs,
  };
}
