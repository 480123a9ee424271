import { authorize, type Sender } from '../authorization/authorize.ts';
import { requestTagKeys } from '../authorization/condition-keys.ts';
import { ServiceError } from '../service-error.ts';
import type { Session } from '../world/entities.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
const MAX_TAGS = 50;
const MAX_ARN = 2_048;
const tagKeyPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const tagValuePattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const namePattern = /^[\w+=,.@-]{2,64}$/;

interface RoleRequest {
  readonly roleArn: string;
  readonly partition: string;
  readonly accountId: string;
  readonly roleName: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
}

/**
 * Issues credentials of a role. Any account may assume any role that SCPs and RCPs allow, because the simulator has no
 * IAM.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 *
 * @param caller the session of the caller, if it has one
 * @throws {ServiceError} ValidationError, AccessDeniedException
 */
export function assumeRole(form: URLSearchParams, sender: Sender, caller: Session | undefined): Session {
  const request = parseRoleRequest(form);
  const inherited = inheritedTags(caller);
  for (const key of Object.keys(request.tags)) {
    if (hasKey(Object.keys(inherited), key))
      throwValidationError(`The tag ${key} is inherited from the caller's session.`);
  }
  authorizeRole(sender, request);
  const { world, now } = sender;
  const { roleArn, partition, accountId, roleName, sessionName } = request;
  const tags = { ...inherited, ...request.tags };
  const transitiveTagKeys = [...Object.keys(inherited), ...request.transitiveTagKeys];
  const sourceIdentity = request.sourceIdentity ?? caller?.sourceIdentity;
  const session: Session = {
    accessKeyId: world.ids.accessKey(),
    secretAccessKey: world.ids.secret(40),
    sessionToken: world.ids.secret(120),
    accountId,
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    roleArn,
    userId: `AROA${world.ids.secret(17).toUpperCase()}:${sessionName}`,
    expiresAt: now + request.durationSeconds * 1000,
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  };
  world.sessions.set(session.accessKeyId, session);
  return session;
}

/** Session tags and a source identity need permissions of their own, for the same role. */
function authorizeRole(sender: Sender, request: RoleRequest): void {
  const { roleArn, accountId, tags, transitiveTagKeys, sessionName, externalId, sourceIdentity } = request;
  const entries = Object.entries(tags);
  const actions = [
    'sts:AssumeRole',
    ...(entries.length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  const keys = {
    ...requestTagKeys(entries, []),
    'sts:RoleSessionName': sessionName,
    'sts:ExternalId': externalId ?? null,
    'sts:SourceIdentity': sourceIdentity ?? null,
    'sts:TransitiveTagKeys': transitiveTagKeys,
  };
  for (const action of actions) authorize(sender, { action, arn: roleArn, ownerId: accountId, keys });
}

function parseRoleRequest(form: URLSearchParams): RoleRequest {
  const roleArn = form.get('RoleArn') ?? '';
  const [, partition, accountId, path] = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  if (!partition || !accountId || !path || roleArn.length > MAX_ARN) {
    throwValidationError(`RoleArn ${roleArn.slice(0, MAX_ARN)} is not the ARN of a role.`);
  }
  const sessionName = form.get('RoleSessionName') ?? '';
  if (!namePattern.test(sessionName)) {
    throwValidationError('RoleSessionName must have 2 to 64 characters of [A-Za-z0-9_+=,.@-].');
  }
  const sourceIdentity = form.get('SourceIdentity') ?? undefined;
  if (sourceIdentity !== undefined && !namePattern.test(sourceIdentity)) {
    throwValidationError('SourceIdentity must have 2 to 64 characters of [A-Za-z0-9_+=,.@-].');
  }
  const externalId = form.get('ExternalId') ?? undefined;
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throwValidationError('ExternalId must have 2 to 1,224 characters of [A-Za-z0-9_+=,.@:/-].');
  }
  const durationSeconds = Number(form.get('DurationSeconds') ?? 3600);
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900 || durationSeconds > 43_200) {
    throwValidationError('DurationSeconds must be a number from 900 to 43200.');
  }
  const tags = parseTags(form);
  const transitiveTagKeys = listOf(form, (index) => `TransitiveTagKeys.member.${index}`);
  for (const key of transitiveTagKeys) {
    if (!hasKey(Object.keys(tags), key)) throwValidationError(`TransitiveTagKeys has ${key}, which is no key of Tags.`);
  }
  const roleName = path.slice(path.lastIndexOf('/') + 1);
  const names = { roleArn, partition, accountId, roleName, sessionName };
  return { ...names, durationSeconds, externalId, sourceIdentity, tags, transitiveTagKeys };
}

function parseTags(form: URLSearchParams): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  const keys = listOf(form, (index) => `Tags.member.${index}.Key`);
  for (const [index, key] of keys.entries()) {
    const value = form.get(`Tags.member.${index + 1}.Value`) ?? '';
    if (!tagKeyPattern.test(key) || /^aws:/i.test(key)) {
      throwValidationError(
        'Keys of Tags must have 1 to 128 letters, digits, spaces and _.:/=+-@, and not begin with aws:.',
      );
    }
    if (!tagValuePattern.test(value)) {
      throwValidationError(`The value of the tag ${key} must have at most 256 letters, digits, spaces and _.:/=+-@.`);
    }
    if (hasKey(tags.keys(), key)) {
      throwValidationError(`Tags has the key ${key} more than once. Keys ignore case.`);
    }
    tags.set(key, value);
  }
  return Object.fromEntries(tags);
}

/** Returns the members of a list, which the query protocol numbers from 1. */
function listOf(form: URLSearchParams, nameOf: (index: number) => string): readonly string[] {
  const values: string[] = [];
  for (let value = form.get(nameOf(1)); value !== null; value = form.get(nameOf(values.length + 1))) {
    values.push(value);
    if (values.length > MAX_TAGS) throwValidationError(`A session has at most ${MAX_TAGS} tags.`);
  }
  return values;
}

function inheritedTags(session: Session | undefined): Readonly<Record<string, string>> {
  const { tags = {}, transitiveTagKeys = [] } = session ?? {};
  return Object.fromEntries(Object.entries(tags).filter(([key]) => hasKey(transitiveTagKeys, key)));
}

/** Keys of tags ignore case. */
function hasKey(keys: Iterable<string>, key: string): boolean {
  return [...keys].some((other) => other.toLowerCase() === key.toLowerCase());
}

function throwValidationError(message: string): never {
  throw new ServiceError('ValidationError', message);
}
