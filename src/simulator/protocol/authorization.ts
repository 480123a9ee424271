import type { IncomingHttpHeaders } from 'node:http';
import type { Partition } from '../call.ts';
import { ServiceError } from '../service-error.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** IP address of the client. */
  readonly remoteAddress?: string | undefined;
}

/** A parsed Signature Version 4 Authorization header, with the request's date. */
export interface Authorization {
  readonly accessKeyId: string;
  /** YYYYMMDD */
  readonly date: string;
  /** YYYYMMDDTHHMMSSZ */
  readonly time: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Parses the Authorization header and rejects what AWS rejects without looking at the secret.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @throws {ServiceError} MissingAuthenticationTokenException, IncompleteSignatureException, InvalidSignatureException
 */
export function parseAuthorization(headers: IncomingHttpHeaders, service: string): Authorization {
  const { authorization } = headers;
  if (!authorization) {
    throw new ServiceError('MissingAuthenticationTokenException', 'The request has no Authorization header.');
  }
  const [algorithm, ...rest] = authorization.split(' ');
  if (algorithm !== 'AWS4-HMAC-SHA256')
    throwIncompleteSignature('The Authorization header must begin with AWS4-HMAC-SHA256.');
  const parts = new Map(
    rest
      .join('')
      .split(',')
      .map((part) => {
        const equals = part.indexOf('=');
        return [part.slice(0, equals), part.slice(equals + 1)] as const;
      }),
  );
  // X-Amz-Date takes precedence over Date.
  const dateHeader = headers['x-amz-date'] === undefined ? 'date' : 'x-amz-date';
  const requestDate = headers[dateHeader];
  const missing = (['Credential', 'Signature', 'SignedHeaders'] as const)
    .filter((name) => !parts.get(name))
    .map((name) => `The Authorization header requires '${name}'.`);
  if (!requestDate) missing.push("The Authorization header requires a header 'X-Amz-Date' or 'Date'.");
  if (missing.length > 0) throwIncompleteSignature(missing.join(' '));

  const credential = (parts.get('Credential') ?? '').split('/');
  const [terminator, scopeService, region, date] = credential.slice(-4).reverse();
  const accessKeyId = credential.slice(0, -4).join('/');
  if (!accessKeyId || !date || !region || !scopeService || terminator !== 'aws4_request') {
    throwIncompleteSignature('Credential must have the form <key>/<YYYYMMDD>/<region>/<service>/aws4_request.');
  }
  if (scopeService !== service) throwInvalidSignature(`Credential should be scoped to correct service: '${service}'.`);
  const time = parseTime(String(requestDate));
  if (!time.startsWith(date))
    throwInvalidSignature(`Date in Credential scope, ${date}, does not match that of the request, ${time}.`);
  const signedHeaders = (parts.get('SignedHeaders') ?? '').split(';');
  for (const name of ['host', dateHeader]) {
    if (!signedHeaders.includes(name))
      throwInvalidSignature(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  return { accessKeyId, date, time, region, service, signedHeaders, signature: parts.get('Signature') ?? '' };
}

/** Accepts ISO 8601's basic format and, as a `Date` header may have it, HTTP's date format. */
function parseTime(text: string): string {
  const [, year, month, day, hours, minutes, seconds] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const basic = year !== undefined;
  const time = Date.parse(basic ? `${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z` : text);
  // Date.parse also accepts other texts, such as a bare number.
  if (Number.isNaN(time) || !(basic || /^[A-Z][a-z]{2}, /.test(text))) {
    return throwIncompleteSignature(`Date must be in ISO-8601 'basic format'. Got '${text}'.`);
  }
  return `${new Date(time).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

function throwIncompleteSignature(message: string): never {
  throw new ServiceError('IncompleteSignatureException', message);
}

function throwInvalidSignature(message: string): never {
  throw new ServiceError('InvalidSignatureException', message);
}

/**
 * Partitions by Region prefix, as in AWS's SDKs:
 * https://github.com/aws/aws-sdk-js-v3/blob/main/packages/util-endpoints/src/lib/aws/partitions.json
 */
const partitions: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

export function partitionOf(region: string): Partition {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}
