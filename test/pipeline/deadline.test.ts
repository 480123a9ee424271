import { expect, it } from 'vitest';
import { startDemo } from '../support/gateway.ts';
import { stalls, startStallingAws } from '../support/stalling-aws.ts';
import { emulated } from '../support/upstream.ts';

it.each(Object.entries(stalls))(
  'an operation ends although AWS and STS %s: every field has its own error',
  async (_name, stall) => {
    await using aws = await startStallingAws(stall);
    await using demo = await startDemo({
      config: {
        upstream: { deadlineMs: 150 },
        principals: [
          {
            ...emulated('partner', 'AKIAEXAMPLE', aws.url),
            credentials: { type: 'static', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' },
          },
        ],
      },
    });
    const { data, errors } = await demo.query(
      '{ viewer { principal { name accountId } handshakes { nodes { id } } } organization { id } }',
    );
    expect(data).toEqual({
      viewer: { principal: { name: 'partner', accountId: null }, handshakes: null },
      organization: null,
    });
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions?.['code']]).sort()).toEqual([
      ['organization', 'UPSTREAM_TIMEOUT'],
      ['viewer.handshakes', 'UPSTREAM_TIMEOUT'],
      ['viewer.principal.accountId', 'UPSTREAM_TIMEOUT'],
    ]);
    const written = await demo.query('mutation { leaveOrganization { __typename } }');
    expect(written.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT', operation: 'LeaveOrganization' });
  },
);
