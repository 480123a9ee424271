import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { emulated, startUpstream } from '../support/upstream.ts';

const secretAccessKey = 'the right one';
const account = '111111111111';

it('of calls with any input are valid', async () => {
  await using world = await startUpstream({ simulator: { verifySignatures: { secretAccessKey } } });
  const { url } = world.simulator;
  const principals = [{ ...emulated('partner', account, url), credentials: keys(secretAccessKey) }];
  await using right = await startUpstream({ principals });
  await right.session().write('CreateOrganization', {});
  const { Roots } = await right.session().read('ListRoots', {});
  const ResourceId = Roots?.[0]?.Id;
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u), async (Value) => {
      await right.session().write('TagResource', { ResourceId, Tags: [{ Key: 'note', Value }] });
      const { Tags } = await right.session().read('ListTagsForResource', { ResourceId });
      expect(Tags).toEqual([{ Key: 'note', Value }]);
    }),
    { numRuns: runs(30) },
  );
});

it('with another key are rejected', async () => {
  await using world = await startUpstream({ simulator: { verifySignatures: { secretAccessKey } } });
  await expect(world.session().read('ListRoots', {})).rejects.toMatchObject({ code: 'UPSTREAM_CREDENTIALS' });
});

function keys(secret: string) {
  return { type: 'static' as const, accessKeyId: account, secretAccessKey: secret };
}
