import { type Principal, principalOf } from '../authorization/principal.ts';
import { ServiceError } from '../service-error.ts';
import type { Session } from '../world/entities.ts';
import { assumeRole } from './assume-role.ts';
import type { HttpRequest } from './authorization.ts';
import { partitionOf } from './authorization.ts';
import { identifyCaller } from './identity.ts';
import type { Endpoint } from './organizations-endpoint.ts';
import { originOf } from './origin.ts';
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
  const principal = principalOf(identity, partition);
  const sender = { world, now, principal, partition, origin: originOf(request, authorization.region) };
  const result =
    action === 'GetCallerIdentity'
      ? formatIdentity(principal)
      : formatSession(assumeRole(form, sender, identity.session));
  const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
  return `<${action}Response xmlns="${NAMESPACE}">${element(`${action}Result`, result)}${metadata}</${action}Response>`;
}

/** AWS returns it even if a policy denies sts:GetCallerIdentity. */
function formatIdentity({ sessionArn, userId, accountId }: Principal): string {
  return textElement('Arn', sessionArn) + textElement('UserId', userId) + textElement('Account', accountId);
}

function formatSession(session: Session): string {
  const credentials =
    textElement('AccessKeyId', session.accessKeyId) +
    textElement('SecretAccessKey', session.secretAccessKey) +
    textElement('SessionToken', session.sessionToken) +
    textElement('Expiration', new Date(session.expiresAt).toISOString());
  const user = textElement('AssumedRoleId', session.userId) + textElement('Arn', session.arn);
  const { sourceIdentity } = session;
  return (
    element('Credentials', credentials) +
    element('AssumedRoleUser', user) +
    (sourceIdentity === undefined ? '' : textElement('SourceIdentity', sourceIdentity))
  );
}

const element = (name: string, ...children: readonly string[]) => `<${name}>${children.join('')}</${name}>`;

function textElement(name: string, value: string): string {
  const escaped = value.replace(/[<>&]/g, (one) => (one === '<' ? '&lt;' : one === '>' ? '&gt;' : '&amp;'));
  return element(name, escaped);
}

function xmlReply(status: number, requestId: string, body: string): Reply {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
