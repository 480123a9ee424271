import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createPrincipals } from '../../src/principal/index.ts';
import { clientLocation } from '../../src/principal/shared-config.ts';
import { createUpstream } from '../../src/upstream/index.ts';
import { type ScriptedAws, startScriptedAws } from '../support/scripted-aws.ts';

type PrincipalInput = NonNullable<ConfigInput['principals']>[number];

/** Somewhere else: nothing listens there, so that a call which goes there fails. */
const elsewhere = 'http://127.0.0.1:9';

describe('the endpoint of a principal', () => {
  let aws: ScriptedAws;
  let home: string;
  beforeEach(async () => {
    aws = await startScriptedAws();
    home = mkdtempSync(join(tmpdir(), 'orgql-'));
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'credentials'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
    await aws[Symbol.asyncDispose]();
  });

  const files = (config: string) => writeFileSync(join(home, 'config'), config);
  const keys = 'aws_access_key_id = 111111111111\naws_secret_access_key = x';

  /** The first call of a principal, as AWS sees it. */
  async function firstCall(principal: Partial<PrincipalInput> = {}) {
    const config = configSchema.parse({ principals: [{ name: 'p', ...principal }], upstream: { budget: 'off' } });
    const [created] = createPrincipals(config);
    if (created === undefined) throw new Error('no principal');
    const upstream = createUpstream(config.upstream);
    const read = upstream.session(created).read('ListRoots', {});
    const request = await Promise.race([aws.next(), read.then(() => Promise.reject(new Error('no request was sent')))]);
    request.reply({ Roots: [] });
    await read;
    await upstream.close();
    return request;
  }

  it('is that of its configuration, before the environment', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_ORGANIZATIONS', elsewhere);
    const credentials = { type: 'static' as const, accessKeyId: '222222222222', secretAccessKey: 'x' };
    const { signedBy, region } = await firstCall({ endpoint: aws.url, region: 'eu-west-1', credentials });
    expect([signedBy, region]).toEqual(['222222222222', 'eu-west-1']);
  });

  it('is AWS_ENDPOINT_URL_ORGANIZATIONS, before AWS_ENDPOINT_URL', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '111111111111');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
    expect((await firstCall()).signedBy).toBe('111111111111');
    vi.stubEnv('AWS_ENDPOINT_URL', elsewhere);
    vi.stubEnv('AWS_ENDPOINT_URL_ORGANIZATIONS', aws.url);
    expect((await firstCall()).signedBy).toBe('111111111111');
  });

  it("is what AWS_PROFILE's section says, with its region and its keys", async () => {
    files(`[profile team]\n${keys}\nregion = eu-central-1\nendpoint_url = ${aws.url}`);
    vi.stubEnv('AWS_PROFILE', 'team');
    const { signedBy, region } = await firstCall();
    expect([signedBy, region]).toEqual(['111111111111', 'eu-central-1']);
  });

  it("is what its own profile's section says, not AWS_PROFILE's", async () => {
    files(
      `[profile other]\n${keys}\nendpoint_url = ${elsewhere}\nregion = us-west-1\n` +
        `[profile team]\n${keys}\nendpoint_url = ${aws.url}\nregion = eu-north-1`,
    );
    vi.stubEnv('AWS_PROFILE', 'other');
    expect((await firstCall({ credentials: { type: 'profile', profile: 'team' } })).region).toBe('eu-north-1');
  });

  it("is what its own profile's services section says, before the profile's endpoint_url", async () => {
    files(
      `[profile team]\n${keys}\nservices = local\nendpoint_url = ${elsewhere}\n` +
        `[services local]\norganizations =\n  endpoint_url = ${aws.url}`,
    );
    expect((await firstCall({ credentials: { type: 'profile', profile: 'team' } })).region).toBe('us-east-1');
  });

  it("is the environment's endpoint, before its own profile's", async () => {
    files(`[profile team]\n${keys}\nendpoint_url = ${elsewhere}`);
    vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
    expect((await firstCall({ credentials: { type: 'profile', profile: 'team' } })).signedBy).toBe('111111111111');
  });

  it.each([undefined, 'team'])(
    'is AWS if AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true (profile: %s)',
    async (profile) => {
      files(`[profile team]\n${keys}\nendpoint_url = ${aws.url}\nregion = xx-nowhere-1`);
      vi.stubEnv('AWS_PROFILE', profile === undefined ? 'team' : undefined);
      vi.stubEnv('AWS_ENDPOINT_URL_ORGANIZATIONS', aws.url);
      vi.stubEnv('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true');
      const location = await clientLocation('Organizations', { region: undefined, profile, endpoint: undefined });
      expect(location).not.toHaveProperty('endpoint');
      const client = new OrganizationsClient({ ...location, region: 'eu-west-1' });
      const gone: string[] = [];
      client.middlewareStack.add(
        () =>
          async ({ request }) => {
            gone.push(String(Reflect.get(Object(request), 'hostname')));
            throw new Error('stop here');
          },
        { step: 'finalizeRequest', priority: 'low' },
      );
      await expect(client.send(new ListRootsCommand({}))).rejects.toThrow('stop here');
      expect(gone).toEqual(['organizations.us-east-1.amazonaws.com']);
    },
  );

  it.each([
    [{ AWS_REGION: 'eu-west-3', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-3'],
    [{ AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-2'],
    [{}, 'us-east-1'],
  ])('is signed for the region of %o, else us-east-1', async (env, expected) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const credentials = { type: 'static' as const, accessKeyId: '111111111111', secretAccessKey: 'x' };
    expect((await firstCall({ endpoint: aws.url, credentials })).region).toBe(expected);
  });

  it('receives a user agent with orgql and its version', async () => {
    const credentials = { type: 'static' as const, accessKeyId: '111111111111', secretAccessKey: 'x' };
    expect((await firstCall({ endpoint: aws.url, credentials })).userAgent).toMatch(/ orgql\/\d+\.\d+\.\d+/);
  });
});
