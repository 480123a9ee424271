import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../service-error.ts';
import type { Session } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { type Authorization, type HttpRequest, parseAuthorization } from './authorization.ts';

/** Parses a request's signature and, if configured, verifies it. */
export type SignatureCheck = (request: HttpRequest, service: string) => Authorization;

/** Maximum difference between a request's date and now. */
const MAX_SKEW_MS = 15 * 60_000;

/**
 * Accepts any secret, but rejects malformed signatures, and keys of the simulator's STS without their session token.
 */
export function trustSignatures(world: () => World): SignatureCheck {
  return (request, service) => {
    const authorization = parseAuthorization(request.headers, service);
    findSession(world(), authorization, request);
    return authorization;
  };
}

/**
 * Verifies Signature Version 4 with `secretAccessKey`, or with the session's own secret for keys of the simulator's
 * STS. Accepts the real and the simulated time: clients correct their clocks by the `Date` header of replies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySignatures(world: () => World, secretAccessKey: string): SignatureCheck {
  return (request, service) => {
    const authorization = parseAuthorization(request.headers, service);
    checkTime(authorization, [Date.now(), world().clock.now()]);
    const session = findSession(world(), authorization, request);
    const expected = sign(request, authorization, session?.secretAccessKey ?? secretAccessKey);
    const actual = Buffer.from(authorization.signature, 'hex');
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
      throw new ServiceError(
        'InvalidSignatureException',
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
      );
    }
    return authorization;
  };
}

/** Returns the session of a key that STS issued. Ignores the session token of any other key. */
function findSession(world: World, { accessKeyId }: Authorization, request: HttpRequest): Session | undefined {
  const session = world.sessions.get(accessKeyId);
  if (session && header(request, 'x-amz-security-token') !== session.sessionToken) {
    throw new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  return session;
}

function checkTime({ time }: Authorization, clocks: readonly number[]): void {
  const [, year, month, day, hours, minutes, seconds] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(time) ?? [];
  const signed = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (clocks.every((now) => Math.abs(now - signed) > MAX_SKEW_MS)) {
    const age = Date.now() - signed;
    const what = age < 0 ? 'Signature not yet current' : 'Signature expired';
    throw new ServiceError('InvalidSignatureException', `${what}: ${time} is more than 15 minutes from now.`);
  }
}

function sign(request: HttpRequest, authorization: Authorization, secret: string): Buffer {
  const { date, time, region, service } = authorization;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonicalRequest(request, authorization.signedHeaders))}`;
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (derived, part) => hmac(derived, part),
    Buffer.from(`AWS4${secret}`),
  );
  return hmac(key, text);
}

function canonicalRequest(request: HttpRequest, signedHeaders: readonly string[]): string {
  const [path = '/', query = ''] = request.url.split('?', 2);
  const encodedPath = path.split('/').map(uriEncode).join('/');
  const parameters = [...new URLSearchParams(query)]
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, b], [c, d]) => (a === c ? compare(b, d) : compare(a, c)))
    .map((pair) => pair.join('='));
  const headers = signedHeaders.map((name) => `${name}:${header(request, name).trim().replace(/ +/g, ' ')}\n`);
  const parts = [request.method, encodedPath, parameters.join('&'), headers.join(''), signedHeaders.join(';')];
  return [...parts, sha256(request.body)].join('\n');
}

/** Encodes all but unreserved characters (RFC 3986). encodeURIComponent leaves five others unencoded. */
const uriEncode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function header({ headers }: HttpRequest, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
