import type { IncomingHttpHeaders } from 'node:http';
import type { Partition } from '../call.ts';
import { ServiceError } from '../service-error.ts';

/** What a Signature Version 4 Authorization header says. */
export interface Authorization {
  readonly accessKeyId: string;
  /** YYYYMMDD */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
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
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    throw new ServiceError(
      'IncompleteSignatureException',
      'The Authorization header must begin with AWS4-HMAC-SHA256.',
    );
  }
  const parts = new Map(
    rest
      .join('')
      .split(',')
      .map((part) => {
        const at = part.indexOf('=');
        return [part.slice(0, at), part.slice(at + 1)] as const;
      }),
  );
  const credential = required(parts, 'Credential').split('/');
  const [terminator, scopeService, region, date] = credential.slice(-4).reverse();
  const accessKeyId = credential.slice(0, -4).join('/');
  if (!accessKeyId || !date || !region || !scopeService || terminator !== 'aws4_request') {
    throw new ServiceError(
      'IncompleteSignatureException',
      'Credential must have the form <key>/<YYYYMMDD>/<region>/<service>/aws4_request.',
    );
  }
  if (scopeService !== service) {
    throw new ServiceError(
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${service}'.`,
    );
  }
  const signedHeaders = required(parts, 'SignedHeaders').split(';');
  return { accessKeyId, date, region, service, signedHeaders, signature: required(parts, 'Signature') };
}

function required(parts: ReadonlyMap<string, string>, name: string): string {
  const value = parts.get(name);
  if (value) return value;
  throw new ServiceError('IncompleteSignatureException', `The Authorization header requires '${name}'.`);
}

export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
