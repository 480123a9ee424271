import { graphql } from 'relay-runtime';

// A bundler's Relay plugin (babel-plugin-relay, @swc/plugin-relay, vite-plugin-relay) replaces each tag by its compiled
// artifact. This example has no bundler, so its code imports the artifacts from __generated__.

/** A page of accounts. */
graphql`
  query AccountListQuery($count: Int!, $cursor: String) {
    organization {
      id
      ...AccountList_organization @arguments(count: $count, cursor: $cursor)
    }
  }
`;

/** The list. Relay generates the query for further pages, which starts at `node(id:)`. */
graphql`
  fragment AccountList_organization on Organization
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "AccountListPaginationQuery") {
    accounts(first: $count, after: $cursor) @connection(key: "AccountList_accounts") {
      edges {
        node {
          ...AccountRow_account
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;

/** The same list in one request, as a stream. */
graphql`
  query AccountStreamQuery($count: Int!) {
    organization {
      accounts(first: $count) @stream_connection(key: "AccountStream_accounts", initial_count: 0) {
        edges {
          node {
            ...AccountRow_account
          }
        }
      }
    }
  }
`;

/** A row, which `node(id:)` can refetch. */
graphql`
  fragment AccountRow_account on Account @refetchable(queryName: "AccountRowRefetchQuery") {
    id
    name
    state
    parent {
      id
      name
    }
  }
`;

/** A page for one invitation. */
graphql`
  query InvitationQuery($id: ID!) {
    handshake(id: $id) {
      ...Invitation_handshake
    }
  }
`;

graphql`
  fragment Invitation_handshake on Handshake {
    id
    state
    action
    expirationTimestamp
    parties {
      id
      type
    }
    recipient {
      id
      type
      account {
        id
        email
      }
    }
  }
`;

/** Sends an invitation. */
graphql`
  mutation InviteMutation($input: InviteAccountToOrganizationInput!) {
    inviteAccountToOrganization(input: $input) {
      __typename
      ... on InviteAccountToOrganizationPayload {
        handshake {
          ...Invitation_handshake
        }
      }
      ... on Error {
        message
        code
      }
    }
  }
`;

/** Cancels an invitation, which updates its record. */
graphql`
  mutation CancelInvitationMutation($id: ID!) {
    cancelHandshake(input: { handshakeId: $id }) {
      __typename
      ... on CancelHandshakePayload {
        handshake {
          ...Invitation_handshake
        }
      }
      ... on Error {
        message
        code
      }
    }
  }
`;

/** Keeps an invitation's record up to date. */
graphql`
  subscription InvitationSubscription($id: ID!, $after: String) {
    handshakeChanges(id: $id, after: $after) {
      cursor
      type
      previousState
      handshake {
        ...Invitation_handshake
      }
    }
  }
`;
