import { expect, it } from 'vitest';
import { transferDates } from '../../src/schema/transfer-dates.ts';
import { createClock } from '../../src/simulator/index.ts';
import { checkEndTimestamp, checkStartTimestamp } from '../../src/simulator/operations/transfer-dates.ts';
import { startDemo } from '../support/gateway.ts';

it.each([
  '2026-01-01T00:00:00.000Z',
  '2026-01-30T23:59:59.999Z',
  '2026-01-31T00:00:00.000Z',
  '2026-02-27T12:00:00.000Z',
  '2026-12-31T23:59:59.999Z',
  '2028-02-29T00:00:00.001Z',
])('at %s exactly the dates that the simulator accepts are offered', (now) => {
  const time = Date.parse(now);
  const { starts, ends } = transferDates(time);
  const isAccepted = (check: () => unknown) => {
    try {
      check();
      return true;
    } catch {
      return false;
    }
  };
  // The first and last moments of all months around it.
  const months = Array.from({ length: 9 }, (_, index) =>
    Date.UTC(new Date(time).getUTCFullYear(), new Date(time).getUTCMonth() - 4 + index),
  );
  expect(starts.map(Number)).toEqual(
    months.filter((start) => isAccepted(() => checkStartTimestamp(start / 1000, time))),
  );
  expect(ends.map((end) => Number(end) + 1)).toEqual(
    months.filter((month) => isAccepted(() => checkEndTimestamp((month - 1) / 1000, 0, time))),
  );
});

it('the dates are those of the clock of AWS, also after it was set', async () => {
  const clock = createClock({ start: Date.UTC(2031, 2, 15), rate: 0 });
  await using demo = await startDemo({ simulator: { clock }, config: { upstream: { cacheMs: 0 } } });
  const read = async () =>
    (await demo.query('{ organization { responsibilityTransferDates { starts ends } } }')).data.organization
      .responsibilityTransferDates;
  expect(await read()).toEqual({
    starts: ['2031-04-01T00:00:00.000Z', '2031-05-01T00:00:00.000Z'],
    ends: ['2031-03-31T23:59:59.999Z', '2031-04-30T23:59:59.999Z'],
  });
  clock.set(Date.UTC(2031, 10, 30, 12));
  expect(await read()).toEqual({
    starts: ['2032-01-01T00:00:00.000Z'],
    ends: ['2031-11-30T23:59:59.999Z', '2031-12-31T23:59:59.999Z'],
  });
});

it('an invitation with an offered date is accepted', async () => {
  const clock = createClock({ start: Date.UTC(2031, 2, 15), rate: 0 });
  await using demo = await startDemo({ simulator: { clock } });
  const { data } = await demo.query('{ organization { responsibilityTransferDates { starts } } }');
  const [start] = data.organization.responsibilityTransferDates.starts;
  const invite = (startTimestamp: string) =>
    demo.query(
      `mutation ($start: DateTime!) { inviteOrganizationToTransferResponsibility(input: {
        type: BILLING, target: { id: "new@example.com", type: EMAIL }, startTimestamp: $start, sourceName: "New"
      }) { __typename } }`,
      { start: startTimestamp },
    );
  const accepted = await invite(start);
  expect(accepted.data.inviteOrganizationToTransferResponsibility.__typename).toBe(
    'InviteOrganizationToTransferResponsibilityPayload',
  );
});
