import type { Position } from '../../../src/watcher/cursor.ts';

/** Bytes of a cursor before its payload: the signature and the id of the key. */
const signatureBytes = 24;

/** Decodes a cursor's position without verifying its signature. */
export function positionOf(cursor: string | undefined): Position {
  const payload = Buffer.from(cursor ?? '', 'base64url')
    .subarray(signatureBytes)
    .toString();
  const [, principal = '', log = '', epoch = '', sequence, scope = '', complete] = payload.split('|');
  return { principal, log, epoch, sequence: Number(sequence), scope, complete: complete === '1' };
}
