import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditions } from '../support/conditions.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

// An invitation to a standalone account from end to end, over real sockets.

const partner = { principal: 'partner' };
const standalone = { principal: 'standalone' };

const INVITE = /* GraphQL */ `
  mutation Invite {
    inviteAccountToOrganization(
      input: { target: { type: ACCOUNT, id: "222222222222" }, notes: "Come and join us.", tags: [{ key: "team", value: "blue" }] }
    ) {
      __typename
      ... on InviteAccountToOrganizationPayload {
        handshake { id state action notes recipient { id } requestedTimestamp expirationTimestamp }
      }
      ... on Error { code message }
    }
  }
`;

const answer = (mutation: 'acceptHandshake' | 'declineHandshake' | 'cancelHandshake') =>
  /* GraphQL */ `
  mutation Answer($id: ID!) {
    ${mutation}(input: { handshakeId: $id }) {
      __typename
      ... on AcceptHandshakePayload { handshake { state } }
      ... on DeclineHandshakePayload { handshake { state } }
      ... on CancelHandshakePayload { handshake { state } }
      ... on Error { code message requestId }
    }
  }
`.replaceAll(/^.*on (?:Accept|Decline|Cancel)HandshakePayload.*\n/gm, (line) =>
    line.toLowerCase().includes(`on ${mutation.toLowerCase()}payload`) ? line : '',
  );

const RECEIVED = /* GraphQL */ `
  subscription Received {
    accountHandshakeChanges(filter: { actionType: INVITE }) { cursor type previousState handshake { id state notes organization { id masterAccountId } } }
  }
`;

describe.each(conditions)('%s', (_name, options, timeout) => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo(options);
  });
  afterAll(() => demo.close());

  async function invite(): Promise<string> {
    const invited = await demo.query(INVITE, {}, partner);
    const { handshake } = invited.data.inviteAccountToOrganization;
    expect(handshake).toMatchObject({
      state: 'OPEN',
      action: 'INVITE',
      notes: 'Come and join us.',
      recipient: { id: '222222222222' },
    });
    // Invitations expire after 15 days in AWS.
    expect(Date.parse(handshake.expirationTimestamp) - Date.parse(handshake.requestedTimestamp)).toBe(15 * 86_400_000);
    return handshake.id;
  }

  it(
    'is sent, declined, sent again and accepted; then the account is a member',
    async () => {
      expect((await demo.query('{ organization { id } }', {}, standalone)).data).toEqual({ organization: null });

      const watching = demo.subscribe(RECEIVED, {}, standalone);
      const event = async () => (await watching.event()).data.accountHandshakeChanges;
      for (let next = await event(); next.type !== 'BOOKMARK'; next = await event()) expect(next.type).toBe('SNAPSHOT');

      const first = await invite();
      expect(await event()).toMatchObject({
        type: 'ADDED',
        previousState: null,
        handshake: {
          id: first,
          state: 'OPEN',
          notes: 'Come and join us.',
          organization: { id: 'o-exampleorgid', masterAccountId: '111111111111' },
        },
      });

      const twice = await demo.query(INVITE, {}, partner);
      expect(twice.data.inviteAccountToOrganization).toMatchObject({ code: 'DuplicateHandshakeException' });
      const stranger = await demo.query(answer('cancelHandshake'), { id: first }, standalone);
      expect(stranger.data.cancelHandshake).toMatchObject({
        __typename: 'AccessDeniedException',
        requestId: expect.any(String),
      });

      const declined = await demo.query(answer('declineHandshake'), { id: first }, standalone);
      expect(declined.data.declineHandshake).toMatchObject({ handshake: { state: 'DECLINED' } });
      expect(await event()).toMatchObject({
        type: 'CHANGED',
        previousState: 'OPEN',
        handshake: { id: first, state: 'DECLINED' },
      });

      const late = await demo.query(answer('acceptHandshake'), { id: first }, standalone);
      expect(late.data.acceptHandshake).toMatchObject({ code: 'InvalidHandshakeTransitionException' });

      const second = await invite();
      expect(second).not.toBe(first);
      expect(await event()).toMatchObject({ type: 'ADDED', handshake: { id: second, state: 'OPEN' } });
      const accepted = await demo.query(answer('acceptHandshake'), { id: second }, standalone);
      expect(accepted.data.acceptHandshake).toMatchObject({ handshake: { state: 'ACCEPTED' } });
      expect(await event()).toMatchObject({
        type: 'CHANGED',
        previousState: 'OPEN',
        handshake: { id: second, state: 'ACCEPTED' },
      });
      await watching.return();

      const member = await demo.query(
        '{ account(id: "222222222222") { id joinedMethod state parent { __typename } tags { nodes { key value } } } }',
        {},
        { ...partner, headers: { 'cache-control': 'no-cache' } },
      );
      expect(member.data.account).toEqual({
        id: '222222222222',
        joinedMethod: 'INVITED',
        state: 'ACTIVE',
        parent: { __typename: 'Root' },
        tags: { nodes: [{ key: 'team', value: 'blue' }] },
      });
      const organization = await demo.query(
        '{ organization { id } }',
        {},
        { ...standalone, headers: { 'cache-control': 'no-cache' } },
      );
      expect(organization.data).toEqual({ organization: { id: 'o-exampleorgid' } });
    },
    timeout,
  );
});
