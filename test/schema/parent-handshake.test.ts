import { expect, it } from 'vitest';
import { startDemo } from '../support/gateway.ts';
import { emulated } from '../support/upstream.ts';

it("a member that is asked to approve all features sees in its approval's parent how far the process is", async () => {
  await using demo = await startDemo();
  const { world } = demo.simulator;
  const billingOnly = [...world.organizations.values()].find(({ featureSet }) => featureSet !== 'ALL');
  const members = [...(billingOnly?.members.values() ?? [])].filter(
    ({ membership }) => membership?.joinedMethod === 'INVITED' && membership.organizationId === billingOnly?.id,
  );
  const member = members.find(({ id }) => id !== billingOnly?.managementAccountId)?.id ?? '';
  await using asked = await startDemo({
    config: {
      principals: [
        emulated('management', billingOnly?.managementAccountId ?? '', demo.simulator.url),
        emulated('member', member, demo.simulator.url),
      ],
    },
  });
  const enabled = await asked.query(
    'mutation { enableAllFeatures { ... on EnableAllFeaturesPayload { handshake { id state } } ... on Error { code } } }',
  );
  const parent = enabled.data.enableAllFeatures.handshake;
  expect(parent.state).toBe('REQUESTED');
  const { data, errors } = await asked.query(
    '{ viewer { handshakes(filter: { actionType: APPROVE_ALL_FEATURES }) { nodes { state parentHandshake { id action state } } } } }',
    {},
    { principal: 'member' },
  );
  expect(errors).toBeUndefined();
  expect(data.viewer.handshakes.nodes).toEqual([
    { state: 'OPEN', parentHandshake: { id: parent.id, action: 'ENABLE_ALL_FEATURES', state: 'REQUESTED' } },
  ]);
});
