import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';

/** A set of a dozen keys has some 10 KB. */
const MAX_BYTES = 1_048_576;
const MAX_KEYS = 100;
/** Below, RS256 is not allowed (RFC 7518, section 3.3); above, one signature takes too much CPU time to verify. */
const RSA_BITS = { least: 2_048, most: 8_192 };

/** The issuer's keys cannot be read, or what it sent is no usable set of keys. `message` says which, and quotes nothing of it. */
export class JwksError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'JwksError';
  }
}

/**
 * Reads a JSON Web Key Set (RFC 7517) within `timeoutMs`, its last byte included. Keys that cannot verify signatures are left out; a set without any other is
 * rejected, as is one that is malformed or too large. Redirects are not followed: the setting names where the keys are. Rejects with a `JwksError`.
 */
export async function fetchJwks(uri: string, timeoutMs: number): Promise<JSONWebKeySet> {
  const text = await fetchText(uri, AbortSignal.timeout(timeoutMs));
  return { keys: verificationKeys(parseJson(text)) };
}

async function fetchText(uri: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(uri, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new JwksError(`the issuer answered with status ${response.status}; expected 200`);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    // Counted as they are decompressed. Leaving the loop cancels the rest.
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BYTES) throw new JwksError(`the issuer's answer has more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  } catch (error) {
    if (error instanceof JwksError) throw error;
    if (signal.aborted) throw new JwksError('the issuer has not answered in time (auth.jwksTimeoutMs)', error);
    throw new JwksError(`the issuer cannot be reached: ${reasonOf(error)}`, error);
  }
}

/** `fetch` says only that it failed; its cause has the reason. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JwksError("the issuer's answer is not JSON", error);
  }
}

function verificationKeys(set: unknown): JWK[] {
  if (!isObject(set) || !Array.isArray(set['keys']))
    throw new JwksError('the issuer\'s answer is not a set of keys; expected { "keys": [...] }');
  const keys: readonly unknown[] = set['keys'];
  if (keys.length > MAX_KEYS) throw new JwksError(`the issuer's set has more than ${MAX_KEYS} keys`);
  if (!keys.every(isObject)) throw new JwksError("the issuer's set has an item that is not a key");
  const usable = keys.flatMap((key) => verificationKey(key) ?? []);
  if (usable.length === 0) throw new JwksError("the issuer's set has no key that verifies signatures");
  return usable;
}

/** The public members of a key; undefined for one that cannot verify signatures. RFC 7517, section 5, recommends to ignore keys of unknown types. */
function verificationKey(key: Readonly<Record<string, unknown>>): JWK | undefined {
  const { use = 'sig', key_ops: operations = ['verify'], kid, alg } = key;
  if (use !== 'sig' || !Array.isArray(operations) || !operations.includes('verify')) return undefined;
  const publicKey = publicKeyOf(key);
  if (publicKey === undefined || !isStrong(publicKey)) return undefined;
  return {
    ...publicKey.export({ format: 'jwk' }),
    ...(typeof kid === 'string' && { kid }),
    ...(typeof alg === 'string' && { alg }),
  };
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return asymmetricKeyType === 'ec' || asymmetricKeyType === 'ed25519';
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits >= RSA_BITS.least && bits <= RSA_BITS.most;
}

function publicKeyOf(key: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
