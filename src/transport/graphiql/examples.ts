/** How the page finds the value of a variable that is left out. */
export interface VariableSource {
  /** A query in the same document. Its answer has objects with an `id`, which is the value. */
  readonly query: string;
  /** Values that an object's fields must have. */
  readonly where: Readonly<Record<string, readonly unknown[]>>;
  /** The field whose greatest value marks the object to take. */
  readonly newestBy: string;
  /** The operation to run first, for the message when there is none. */
  readonly after: string;
}

/** Options of the page beside GraphiQL's own. */
export interface PageOptions {
  /** The principals that examples run as, by operation. */
  readonly principals: Readonly<Record<string, string>>;
  /** By operation, then by variable. */
  readonly variables: Readonly<Record<string, Readonly<Record<string, VariableSource>>>>;
}

/**
 * A document that GraphiQL opens with in a tab of its own, ready to run. The tab's name is that of its first operation.
 */
interface Example {
  /** The principal of the example. Default: the first. */
  readonly principal?: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** How the page finds variables that are left out. */
  readonly find?: PageOptions['variables'];
}

/**
 * The tree, and every example of README.md: an invitation from both sides, changes as they happen, a transfer of
 * billing. Accounts and principals are those of the demo; with others, edit them.
 *
 * @param now Transfers begin at the start of a month, so what the example says depends on the time.
 */
export function examples(now: Date): readonly Example[] {
  return [
    { query: TREE },
    { query: ACCOUNTS },
    { query: WATCH },
    { query: INVITE, variables: { accountId: '222222222222' } },
    {
      query: ACCEPT_INVITATION,
      principal: 'standalone',
      find: { AcceptInvitation: { handshakeId: openHandshake('ReceivedInvitations', 'InviteAccount') } },
    },
    {
      query: INVITATION_CHANGES,
      find: { InvitationChanges: { handshakeId: openHandshake('SentInvitations', 'InviteAccount') } },
    },
    {
      query: TRANSFERS,
      variables: { accountId: '444444444444', startTimestamp: startOfMonthAfterNext(now) },
      find: {
        TerminateTransfer: {
          transferId: {
            query: 'InboundTransfers',
            where: { status: ['ACCEPTED'], endTimestamp: [null] },
            newestBy: 'startTimestamp',
            after: 'InviteToTransferBilling and AcceptTransfer',
          },
        },
      },
    },
    { query: TRANSFER_CHANGES },
    {
      query: ACCEPT_TRANSFER,
      principal: 'customer',
      find: { AcceptTransfer: { handshakeId: openHandshake('ReceivedTransfers', 'InviteToTransferBilling') } },
    },
  ];
}

/** The newest handshake in a query's answer that can still be accepted. */
function openHandshake(query: string, after: string): VariableSource {
  return { query, where: { state: ['OPEN', 'REQUESTED'] }, newestBy: 'requestedTimestamp', after };
}

/**
 * The later of the two starts that AWS allows: the earlier one's invitation expires 24 hours before it, which may be
 * today.
 */
function startOfMonthAfterNext(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2)).toISOString();
}

const TREE = `# The organization, from its root down. extensions.upstream in the answer is its cost in calls to AWS.
query Tree {
  organization {
    id
    featureSet
    managementAccount {
      id
      name
    }
    root {
      id
      organizationalUnits {
        nodes {
          id
          name
          accounts(first: 5) {
            nodes {
              id
              name
              state
            }
            pageInfo {
              hasNextPage
              endCursor
            }
          }
        }
      }
    }
  }
}
`;

const ACCOUNTS = `# A page of accounts. Put the endCursor of an answer into the variables, as "after", for the next page.
query Accounts($after: String) {
  organization {
    id
    featureSet
    accounts(first: 3, after: $after) {
      nodes {
        id
        name
        state
        parent {
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`;

const INVITE = `# Invites an account into the organization. Run Watch first: it goes on in its tab while you use others.
mutation InviteAccount($accountId: ID!) {
  inviteAccountToOrganization(input: { target: { id: $accountId, type: ACCOUNT }, notes: "Welcome!" }) {
    ... on InviteAccountToOrganizationPayload {
      handshake {
        id
        state
        expirationTimestamp
        recipient {
          id
          type
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
`;

const ACCEPT_INVITATION = `# The invited account's side, as the principal "standalone". Run InviteAccount first, then AcceptInvitation here.
# Without a handshakeId in the variables, the page takes the newest open one that ReceivedInvitations finds.
mutation AcceptInvitation($handshakeId: ID!) {
  acceptHandshake(input: { handshakeId: $handshakeId }) {
    ... on AcceptHandshakePayload {
      handshake {
        id
        state
      }
    }
    ... on Error {
      code
      message
    }
  }
}

query ReceivedInvitations {
  viewer {
    principal {
      name
      accountId
    }
    handshakes(filter: { actionType: INVITE }, first: 100) {
      nodes {
        id
        state
        notes
        requestedTimestamp
        sender {
          id
        }
      }
    }
  }
}
`;

const WATCH = `# All handshakes that the organization has sent: a SNAPSHOT of each, a BOOKMARK after the last of them, then every change.
# The newest event is on top. The subscription goes on while you use other tabs.
subscription Watch {
  organizationHandshakeChanges {
    type
    previousState
    observedAt
    handshake {
      id
      action
      state
      recipient {
        id
      }
    }
  }
}
`;

const INVITATION_CHANGES = `# One invitation until its final state, which completes the subscription.
# Without a handshakeId in the variables, the page takes the newest open one that SentInvitations finds.
subscription InvitationChanges($handshakeId: ID!) {
  handshakeChanges(id: $handshakeId) {
    type
    previousState
    handshake {
      state
    }
  }
}

query SentInvitations {
  organization {
    handshakes(filter: { actionType: INVITE }, first: 100) {
      nodes {
        id
        state
        requestedTimestamp
        recipient {
          id
        }
      }
    }
  }
}
`;

const TRANSFERS = `# Transfer of billing: InviteToTransferBilling asks a customer's management account to let this organization pay its bill.
# After AcceptTransfer (in its own tab), InboundTransfers shows it as ACCEPTED.
# TerminateTransfer ends the newest accepted one, unless the variables have a transferId.
mutation InviteToTransferBilling($accountId: ID!, $startTimestamp: DateTime!) {
  inviteOrganizationToTransferResponsibility(
    input: {
      type: BILLING
      target: { id: $accountId, type: ACCOUNT }
      sourceName: "Customer"
      startTimestamp: $startTimestamp
    }
  ) {
    ... on InviteOrganizationToTransferResponsibilityPayload {
      handshake {
        id
        state
        responsibilityTransfer {
          id
          status
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}

query InboundTransfers {
  organization {
    inboundResponsibilityTransfers(first: 100) {
      nodes {
        id
        name
        status
        startTimestamp
        endTimestamp
        source {
          managementAccountId
        }
        activeHandshake {
          id
          state
        }
      }
    }
  }
}

mutation TerminateTransfer($transferId: ID!) {
  terminateResponsibilityTransfer(input: { id: $transferId }) {
    ... on TerminateResponsibilityTransferPayload {
      responsibilityTransfer {
        id
        status
        endTimestamp
      }
    }
    ... on Error {
      code
      message
    }
  }
}
`;

const TRANSFER_CHANGES = `# All transfers of billing to this organization, and every change of them.
subscription Transfers {
  inboundResponsibilityTransferChanges {
    type
    previousStatus
    responsibilityTransfer {
      id
      name
      status
      endTimestamp
      source {
        managementAccountId
      }
    }
    cursor
  }
}
`;

const ACCEPT_TRANSFER = `# The customer's side, as the principal "customer". Run InviteToTransferBilling first, then AcceptTransfer here.
# Without a handshakeId in the variables, the page takes the newest open one that ReceivedTransfers finds.
mutation AcceptTransfer($handshakeId: ID!) {
  acceptHandshake(input: { handshakeId: $handshakeId }) {
    ... on AcceptHandshakePayload {
      handshake {
        id
        state
        responsibilityTransfer {
          id
          status
          direction
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}

query ReceivedTransfers {
  viewer {
    principal {
      name
      accountId
    }
    handshakes(filter: { actionType: TRANSFER_RESPONSIBILITY }, first: 100) {
      nodes {
        id
        state
        requestedTimestamp
        sender {
          id
        }
      }
    }
  }
}
`;
