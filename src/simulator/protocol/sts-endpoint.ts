import { ServiceError } from '../service-error.ts';
import type { HttpRequest } from './authorization.ts';
import { partitionOf } from './authorization.ts';
import type { Identity } from './identity.ts';
import { identifyCaller } from './identity.ts';
import type { Endpoint } from './organizations-endpoint.ts';
import type { Reply } from './reply.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/**
 * The part of AWS STS that assumed roles need, in its query protocol: form in, XML out.
 * https://docs.aws.amazon.com/STS/latest/APIReference/
 */
export function handleStsRequest(endpoint: Endpoint, request: HttpRequest, requestId: string): Reply {
  try {
    return xmlReply(
      200,
      requestId,
      runAction(endpoint, new URLSearchParams(request.body.toString()), request, requestId),
    );
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    // STS returns HTTP 403 for invalid credentials.
    const status = error.name === 'ValidationError' || error.name === 'InvalidAction' ? 400 : 403;
    const code = codes[error.name] ?? error.name.replace(/Exception$/, '');
    const fault = element(
      'Error',
      textElement('Type', 'Sender'),
      textElement('Code', code),
      textElement('Message', error.message),
    );
    const body = fault + textElement('RequestId', requestId);
    return xmlReply(status, requestId, `<ErrorResponse xmlns="${NAMESPACE}">${body}</ErrorResponse>`);
  }
}

/** STS has codes of its own for some errors. */
const codes: Readonly<Partial<Record<ServiceError['name'], string>>> = {
  InvalidSignatureException: 'SignatureDoesNotMatch',
  UnrecognizedClientException: 'InvalidClientTokenId',
};

function runAction(endpoint: Endpoint, form: URLSearchParams, request: HttpRequest, requestId: string): string {
  const { world, control } = endpoint;
  const action = form.get('Action');
  if (action !== 'GetCallerIdentity' && action !== 'AssumeRole') {
    throw new ServiceError(
      'InvalidAction',
      `Could not find operation ${action}: the simulator supports GetCallerIdentity and AssumeRole.`,
    );
  }
  const authorization = endpoint.checkSignature(request, 'sts');
  const now = world.now();
  const identity = identifyCaller(world, authorization.accessKeyId, now);
  control.countRequest(action, identity.account.id);
  const partition = partitionOf(authorization.region);
  const result = action === 'GetCallerIdentity' ? callerIdentity(identity, partition) : assumeRole(endpoint, form, now);
  const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
  return `<${action}Response xmlns="${NAMESPACE}">${element(`${action}Result`, result)}${metadata}</${action}Response>`;
}

function callerIdentity({ account, session }: Identity, partition: string): string {
  return (
    textElement('Arn', session?.arn ?? `arn:${partition}:iam::${account.id}:root`) +
    textElement('UserId', session?.userId ?? account.id) +
    textElement('Account', account.id)
  );
}

/** Any account may assume any role, because the simulator has no IAM. */
function assumeRole({ world }: Endpoint, form: URLSearchParams, now: number): string {
  const roleArn = form.get('RoleArn') ?? '';
  const [, partition, accountId, path] = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  if (!accountId || !path) throw new ServiceError('ValidationError', `RoleArn ${roleArn} is not the ARN of a role.`);
  const name = form.get('RoleSessionName') ?? '';
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw new ServiceError('ValidationError', 'RoleSessionName must have 2 to 64 characters of [A-Za-z0-9_+=,.@-].');
  }
  const duration = Number(form.get('DurationSeconds') ?? 3600);
  if (!Number.isInteger(duration) || duration < 900 || duration > 43_200) {
    throw new ServiceError('ValidationError', 'DurationSeconds must be a number from 900 to 43200.');
  }
  const session = {
    accessKeyId: world.ids.accessKey(),
    secretAccessKey: world.ids.secret(40),
    sessionToken: world.ids.secret(120),
    accountId,
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${path.split('/').at(-1)}/${name}`,
    userId: `AROA${world.ids.secret(17).toUpperCase()}:${name}`,
    expiresAt: now + duration * 1000,
  };
  world.sessions.set(session.accessKeyId, session);
  const credentials =
    textElement('AccessKeyId', session.accessKeyId) +
    textElement('SecretAccessKey', session.secretAccessKey) +
    textElement('SessionToken', session.sessionToken) +
    textElement('Expiration', new Date(session.expiresAt).toISOString());
  const user = textElement('AssumedRoleId', session.userId) + textElement('Arn', session.arn);
  return element('Credentials', credentials) + element('AssumedRoleUser', user);
}

const element = (name: string, ...children: readonly string[]) => `<${name}>${children.join('')}</${name}>`;

function textElement(name: string, value: string): string {
  const escaped = value.replace(/[<>&]/g, (one) => (one === '<' ? '&lt;' : one === '>' ? '&gt;' : '&amp;'));
  return element(name, escaped);
}

function xmlReply(status: number, requestId: string, body: string): Reply {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
