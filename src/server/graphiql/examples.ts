/** A document that GraphiQL opens with in a tab of its own, ready to run. The tab's name is that of its first operation. */
export interface Example {
  /** As whom it runs, when not as the first principal. */
  readonly principal?: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * What somebody new wants to see: the tree, an invitation from both sides, changes as they happen, a transfer of billing.
 * Accounts and principals are those of the demo; with others, edit them.
 *
 * @param now Transfers begin at the start of a month, so what the example says depends on the time.
 */
export function examples(now: Date): readonly Example[] {
  return [
    { query: TREE },
    { query: INVITE, variables: { accountId: '222222222222' } },
    { query: ACCEPT_INVITATION, variables: { handshakeId: 'h-...' }, principal: 'standalone' },
    { query: WATCH },
    {
      query: TRANSFERS,
      variables: { accountId: '444444444444', startTimestamp: startOfMonthAfterNext(now), transferId: 'rt-...' },
    },
    { query: ACCEPT_TRANSFER, variables: { handshakeId: 'h-...' }, principal: 'customer' },
  ];
}

/** The later of the two starts that AWS allows: the earlier one's invitation expires 24 hours before it, which may be today. */
function startOfMonthAfterNext(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2)).toISOString();
}

const TREE = `# The organization, from its root down. The answer's extensions.upstream says what it cost in AWS calls.
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

const INVITE = `# Invites an account into the organization. Open the tab Watch and run it first, to see it happen.
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

const ACCEPT_INVITATION = `# The other side: the tab Headers below names the principal "standalone".
# Put the id of the handshake that InviteAccount made into the variables and run AcceptInvitation.
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
        sender {
          id
        }
      }
    }
  }
}
`;

const WATCH = `# What becomes of the invitations that the organization has sent: first as they are, then every change.
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
    cursor
  }
}
`;

const TRANSFERS = `# Transfer of billing: InviteToTransferBilling asks a customer's management account to let this organization pay its bill.
# After AcceptTransfer (in the next tab), InboundTransfers has it as ACCEPTED; TerminateTransfer ends it.
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

const ACCEPT_TRANSFER = `# The customer's side: the tab Headers below names the principal "customer".
# Put the id of the handshake that InviteToTransferBilling made into the variables and run AcceptTransfer.
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
        sender {
          id
        }
      }
    }
  }
}
`;
