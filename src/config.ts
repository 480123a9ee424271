import { z } from 'zod';
import { auth, refuseUnknownPrincipals } from './config/auth.ts';
import { limits, trustedDocuments } from './config/limits.ts';
import { log, metrics, shutdown } from './config/operations.ts';
import { isOrigin } from './config/origin.ts';
import { hints, redis } from './config/sharing.ts';

const milliseconds = z.number().int().nonnegative();
const awsAccountId = z.string().regex(/^\d{12}$/, 'expected a 12-digit AWS account id');
const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected an AWS region such as us-east-1');

/** Where a principal's AWS credentials come from. */
const credentials = z.discriminatedUnion('type', [
  /** The SDK's own chain: environment, shared files, SSO, container, instance. */
  z.strictObject({ type: z.literal('default') }),
  /** A profile of the shared AWS configuration files. */
  z.strictObject({ type: z.literal('profile'), profile: z.string().min(1) }),
  /** A role, assumed with the default chain or with a profile. */
  z.strictObject({
    type: z.literal('assumeRole'),
    roleArn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'expected the ARN of an IAM role'),
    externalId: z.string().min(2).optional(),
    sessionName: z
      .string()
      .regex(/^[\w+=,.@-]{2,64}$/, 'expected 2 to 64 characters of [A-Za-z0-9_+=,.@-]')
      .optional(),
    /**
     * Writes go out in a session of their caller's own, which has the caller's name and the tag `orgql:caller`, so that CloudTrail says who acted.
     * The role's trust policy must allow sts:TagSession.
     */
    callerSessions: z.boolean().optional(),
    profile: z.string().min(1).optional(),
  }),
  /** Fixed keys: for the simulator and other emulators. */
  z.strictObject({
    type: z.literal('static'),
    accessKeyId: z.string().min(1),
    secretAccessKey: z.string().min(1),
    sessionToken: z.string().min(1).optional(),
  }),
]);

const principal = z.strictObject({
  /** The name that callers use: header `x-orgql-principal`, `connectionParams.principal`, `extensions.principal`. */
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'expected 1 to 64 characters of [A-Za-z0-9_.-]'),
  credentials: credentials.default({ type: 'default' }),
  /** The account that the credentials belong to. Asked from STS, once, when it is needed and not given. */
  accountId: awsAccountId.optional(),
  region: regionName.optional(),
  /** Endpoint of AWS Organizations instead of AWS's own; also what AWS_ENDPOINT_URL_ORGANIZATIONS sets. */
  endpoint: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).optional(),
  /** Endpoint of STS instead of AWS's own; also what AWS_ENDPOINT_URL_STS sets. */
  stsEndpoint: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).optional(),
});

const origin = z.string().refine(isOrigin, {
  error: 'expected an origin such as https://app.example.com, without a path',
});

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'expected an IP address or a network such as 10.0.0.0/8',
});

const rate = z.strictObject({
  /** Calls added to the bucket per second. */
  rate: z.number().positive(),
  /** Size of the bucket: the most calls at once. */
  burst: z.number().int().positive(),
});

const settings = z.strictObject({
  /** Address to listen on. Anything but loopback exposes the principals' AWS credentials to who reaches the port. */
  host: z.string().min(1).default('127.0.0.1'),
  /** TCP port; 0 takes any free one. */
  port: z.number().int().min(0).max(65_535).default(4000),
  /** As whom AWS is called. The first is used when a request names none. */
  principals: z
    .array(principal)
    .min(1)
    .default([{ name: 'default', credentials: { type: 'default' } }])
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two principals have the same name'),
  upstream: z
    .strictObject({
      /** `documented`: wait in token buckets of AWS's documented limits. `off`: call at once (emulators, tests). */
      budget: z.enum(['documented', 'off']).default('documented'),
      /** Buckets that differ from the documented ones, by operation name, e.g. after AWS raised a limit. */
      limits: z.record(z.string(), rate).default({}),
      /** How long a read's result may be served again, in ms. 0 turns the cache off. */
      cacheMs: milliseconds.default(5_000),
      /** The same, by operation name. */
      cacheMsByOperation: z.record(z.string(), milliseconds).default({}),
      /** The most memory objects kept per principal; the least recently used goes first. */
      cacheEntries: z.number().int().positive().default(10_000),
      /** One HTTP call to AWS may take this long, in ms. */
      callTimeoutMs: milliseconds.positive().default(10_000),
      /** One GraphQL operation may wait for AWS this long in all, in ms. */
      deadlineMs: milliseconds.positive().default(30_000),
    })
    .prefault({}),
  graph: z
    .strictObject({
      /** The largest `first` of a connection. */
      maxFirst: z.number().int().positive().default(1_000),
      /** An operation that can cost more calls to AWS than this is refused before it begins. */
      maxCalls: z.number().int().positive().default(10_000),
      /** How many accounts that cost estimate reckons with, where a list is read to its end or its length is nobody's choice. */
      assumedAccounts: z.number().int().positive().default(1_000),
      /** Signs cursors. Give the same one to all replicas; without it, those of connections end with the process, those of events with the events. */
      cursorSecret: z.string().min(16).optional(),
    })
    .prefault({}),
  watch: z
    .strictObject({
      /** The shortest time between two polls of one list while something in it is pending, in ms. */
      minIntervalMs: milliseconds.positive().default(2_000),
      /** The longest time between two polls of one list, reached while nothing is pending, in ms. */
      maxIntervalMs: milliseconds.positive().default(30_000),
      /** One poll of a list, with all its pages, may take this long, in ms. At AWS's 5 calls a second, 10 minutes are 3,000 pages. */
      pollDeadlineMs: milliseconds.positive().default(600_000),
      /** The share of an operation's documented rate that polling may use, 0 to 1. */
      budgetShare: z.number().gt(0).max(1).default(0.2),
      /** Events kept per watched list for subscribers that come back with `after`. */
      keepEvents: z.number().int().positive().default(10_000),
      /** A subscriber that has this many unread events is ended, and told to resume from its cursor. */
      maxBuffered: z.number().int().positive().default(1_000),
      /** An idle subscription gets a BOOKMARK this often, in ms. */
      bookmarkMs: milliseconds.positive().default(60_000),
      /** A folder that keeps events over a restart, for one gateway alone. It holds the organization's data. Without it they end with the process. */
      store: z.string().min(1).optional(),
    })
    .prefault({}),
  redis,
  hints,
  /** Who may call the gateway. `none` is refused unless `host` is loopback. */
  auth: auth.default({ type: 'none' }),
  /** Names that the gateway goes by, such as orgql.example.com, with or without a port. When given, a request to any other is refused. */
  allowedHosts: z.array(z.string().min(1)).default([]),
  /** Origins of pages, beside the gateway's own, that may use it, such as https://app.example.com. */
  allowedOrigins: z.array(origin).default([]),
  /**
   * Addresses and networks (CIDR) of proxies in front of the gateway, such as 10.0.0.0/8. From these only, `X-Forwarded-For` names the client's address, which
   * limits count by and logs show.
   */
  trustedProxies: z.array(network).default([]),
  limits: limits.prefault({}),
  trustedDocuments: trustedDocuments.optional(),
  /** Whether GraphiQL is served at /graphql. */
  graphiql: z.boolean().default(true),
  /** Whether the schema may be asked for. GraphiQL explores nothing without it. */
  introspection: z.boolean().default(true),
  /** What happens between SIGTERM and the end. */
  shutdown,
  log,
  metrics,
});

export const configSchema = settings
  .refine(({ redis, watch }) => redis === undefined || watch.store === undefined, {
    path: ['watch', 'store'],
    error: 'is for one gateway alone; with redis.url, events are kept in Redis',
  })
  .check(refuseUnknownPrincipals);

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Config = DeepReadonly<z.output<typeof configSchema>>;
export type ConfigInput = z.input<typeof configSchema>;
export type PrincipalConfig = Config['principals'][number];
