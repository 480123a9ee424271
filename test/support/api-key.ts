import { createHash, randomBytes } from 'node:crypto';
import { scopes } from '../../src/config/auth.ts';
import type { ConfigInput } from '../../src/config/index.ts';

type ApiKey = Extract<ConfigInput['auth'], { type: 'apiKeys' }>['keys'][number];

/** A new API key: what its caller sends, and what the configuration has of it. It may do everything unless `settings` say otherwise. */
export function apiKey(settings: Partial<ApiKey> & Pick<ApiKey, 'principals'>) {
  const key = randomBytes(32).toString('base64url');
  return {
    authorization: `Bearer ${key}`,
    settings: {
      name: 'alice',
      hash: `sha256:${createHash('sha256').update(key).digest('hex')}`,
      scopes: [...scopes],
      ...settings,
    } satisfies ApiKey,
  };
}
