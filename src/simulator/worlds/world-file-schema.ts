import { z } from 'zod';
import {
  AccountJoinedMethod,
  AccountState,
  ActionType,
  CreateAccountFailureReason,
  CreateAccountState,
  EffectivePolicyType,
  HandshakeState,
  OrganizationFeatureSet,
  PolicyType,
  PolicyTypeStatus,
  ResponsibilityTransferStatus,
} from '../model/enums.ts';
import { shapes } from '../model/shapes.ts';
import { Prerequisite } from '../world/entities.ts';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const milliseconds = z.number().int().nonnegative();
const count = z.number().int().nonnegative();
const tags = z.record(z.string(), z.string()).default({});

/** A string with the pattern of a shape in AWS's API model. */
function stringOfShape(name: string) {
  const shape = shapes[name];
  const pattern = shape?.type === 'string' ? shape.pattern : undefined;
  return z.string().regex(pattern ?? /^/, `expected ${name}, which matches ${pattern?.source.slice(4, -2)}`);
}

export const accountId = z.string().regex(/^\d{12}$/, 'expected the 12 digits of an account id');
const organizationId = stringOfShape('OrganizationId');

export const quotasSchema = z.strictObject({
  accounts: count,
  inboundTransfers: count,
  outboundTransfers: count,
  transferChain: count,
  aggregateTransfers: count,
});

export const settingsSchema = z.strictObject({
  accountCreationMs: milliseconds,
  closureMs: milliseconds,
  policyTypeMs: milliseconds,
  initializingMs: milliseconds,
  membershipChangeMs: milliseconds,
  servicePrincipals: z.union([z.enum(['any', 'documented']), z.array(z.string()).readonly()]),
  enforceControlPolicies: z.boolean(),
  quotas: quotasSchema.partial(),
});

const account = z.strictObject({
  id: accountId,
  name: z.string().min(1).max(128),
  email: stringOfShape('Email'),
  createdAt: time.optional(),
  state: z.enum(AccountState).default('ACTIVE'),
  stateSince: time.optional(),
  /** Prerequisites that the account does not meet, such as PAYMENT_INSTRUMENT. */
  missingPrerequisites: z.array(z.enum(Prerequisite)).default([]),
  sellerOfRecord: z.string().default('AWS'),
  govCloudAccountId: accountId.optional(),
  membershipChangedAt: time.optional(),
});

const policyType = z.strictObject({
  type: z.enum(PolicyType),
  status: z.enum(PolicyTypeStatus).default('ENABLED'),
});

const service = z.strictObject({ servicePrincipal: stringOfShape('ServicePrincipal'), enabledAt: time.optional() });

const organization = z.strictObject({
  id: organizationId,
  managementAccountId: accountId,
  featureSet: z.enum(OrganizationFeatureSet).default('ALL'),
  createdAt: time.optional(),
  quotas: quotasSchema.partial().default({}),
  root: z.strictObject({
    id: stringOfShape('RootId'),
    name: z.string().default('Root'),
    tags,
    /** Default: SCPs if all features are enabled. `[]` is a new organization, without enabled types. */
    policyTypes: z.array(policyType).optional(),
  }),
  /** Parents come before their children. */
  organizationalUnits: z
    .array(
      z.strictObject({
        id: stringOfShape('OrganizationalUnitId'),
        name: z.string().min(1),
        parentId: z.string().optional(),
        tags,
      }),
    )
    .default([]),
  /** If the management account is omitted, it is added below the root. */
  members: z
    .array(
      z.strictObject({
        accountId,
        parentId: z.string().optional(),
        joinedMethod: z.enum(AccountJoinedMethod).default('CREATED'),
        joinedAt: time.optional(),
        movedAt: time.optional(),
        tags,
      }),
    )
    .default([]),
  policies: z
    .array(
      z.strictObject({
        id: stringOfShape('PolicyId'),
        type: z.enum(PolicyType),
        name: z.string().min(1),
        description: z.string().default(''),
        content: z.union([z.string(), z.record(z.string(), z.json())]),
        updatedAt: time.optional(),
        tags,
      }),
    )
    .default([]),
  /** In the order of attachment. Default: AWS's policies of the enabled types, on every target. */
  attachments: z
    .array(z.strictObject({ policyId: z.string(), targetId: z.string(), attachedAt: time.optional() }))
    .optional(),
  /** Effective policies of accounts whose policies have errors: the last valid merge, which stays in force. */
  lastValidPolicies: z
    .array(z.strictObject({ type: z.enum(EffectivePolicyType), accountId, content: z.string(), updatedAt: time }))
    .default([]),
  serviceAccess: z.array(service).default([]),
  delegatedAdministrators: z
    .array(z.strictObject({ accountId, enabledAt: time.optional(), services: z.array(service).min(1) }))
    .default([]),
  resourcePolicy: z.strictObject({ id: stringOfShape('ResourcePolicyId'), content: z.string(), tags }).optional(),
  createAccountRequests: z
    .array(
      z.strictObject({
        id: stringOfShape('CreateAccountRequestId'),
        accountName: z.string(),
        email: z.string(),
        requestedAt: time,
        completedAt: time.optional(),
        state: z.enum(CreateAccountState),
        accountId: accountId.optional(),
        govCloud: z.boolean().default(false),
        govCloudAccountId: accountId.optional(),
        failureReason: z.enum(CreateAccountFailureReason).optional(),
        tags,
      }),
    )
    .default([]),
  /** Times of recent invitations and closures. AWS limits both per period. */
  invitationTimes: z.array(time).default([]),
  closureTimes: z.array(time).default([]),
});

const party = z.strictObject({ type: z.enum(['ACCOUNT', 'EMAIL']), id: z.string() });

const handshake = z.strictObject({
  id: stringOfShape('HandshakeId'),
  action: z.enum(ActionType),
  state: z.enum(HandshakeState),
  sender: z.strictObject({
    organizationId,
    managementAccountId: accountId,
    email: z.string(),
    name: z.string(),
    featureSet: z.enum(OrganizationFeatureSet),
  }),
  recipient: party.optional(),
  requestedAt: time,
  expiresAt: time,
  completedAt: time.optional(),
  notes: z.string().optional(),
  tags,
  parentHandshakeId: stringOfShape('HandshakeId').optional(),
  transferId: stringOfShape('ResponsibilityTransferId').optional(),
  /** ENABLE_ALL_FEATURES only: ids of accounts that have not approved yet. */
  awaiting: z.array(accountId).optional(),
});

const participant = z.strictObject({
  managementAccountId: accountId.optional(),
  managementAccountEmail: z.string().optional(),
  organizationId: organizationId.optional(),
});

const transfer = z.strictObject({
  id: stringOfShape('ResponsibilityTransferId'),
  handshakeId: stringOfShape('HandshakeId'),
  name: stringOfShape('ResponsibilityTransferName'),
  status: z.enum(ResponsibilityTransferStatus),
  invited: party,
  target: participant.required({ managementAccountId: true, organizationId: true }),
  source: participant,
  startAt: time,
  endAt: time.optional(),
  tags,
});

const session = z.strictObject({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  accountId,
  arn: z.string(),
  /** If it is missing, the role has no path. */
  roleArn: z.string().exactOptional(),
  userId: z.string(),
  tags: z.record(z.string(), z.string()).readonly().exactOptional(),
  transitiveTagKeys: z.array(z.string()).readonly().exactOptional(),
  sourceIdentity: z.string().exactOptional(),
  expiresAt: time,
});

/** A world as JSON. `--seed FILE` reads it; `--state FILE` and `GET /_orgql/world` write it. */
export const worldFileSchema = z.strictObject({
  version: z.literal(1),
  /** Simulator time of the dump. */
  time: time.optional(),
  /** Seed and counter of generated ids. */
  ids: z.strictObject({ seed: z.string(), counter: count }).optional(),
  /** Account of access keys that select none. Default: the first account. */
  defaultAccountId: accountId.optional(),
  settings: settingsSchema.partial().default({}),
  accounts: z.array(account).min(1),
  organizations: z.array(organization).default([]),
  handshakes: z.array(handshake).default([]),
  responsibilityTransfers: z.array(transfer).default([]),
  sessions: z.array(session).default([]),
});

/** The world before parsing, as written by a user or by the simulator. */
export type WorldFile = z.input<typeof worldFileSchema>;
/** The parsed world, with defaults, and times in ms since the epoch. */
export type WorldData = z.output<typeof worldFileSchema>;
export type OrganizationData = WorldData['organizations'][number];
