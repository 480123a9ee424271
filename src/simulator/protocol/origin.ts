import type { RequestOrigin } from '../authorization/condition-keys.ts';
import type { HttpRequest } from './authorization.ts';

/** @param region the Region of the signature */
export function originOf({ headers, remoteAddress }: HttpRequest, region: string): RequestOrigin {
  return {
    region,
    // Node reports IPv4 clients of an IPv6 socket in this form.
    sourceIp: remoteAddress?.replace(/^::ffff:(?=\d+\.)/, ''),
    // The simulator speaks HTTP. A proxy in front of it may accept HTTPS.
    isSecure: headers['x-forwarded-proto'] === 'https',
    userAgent: headers['user-agent'],
    referer: headers.referer,
  };
}
