import { graphql } from 'relay-runtime';

// A bundler's Relay plugin (babel-plugin-relay, @swc/plugin-relay, vite-plugin-relay) puts the compiled artifact in the place of each of these
// tags, so that they stand beside the components which use them. This example has no bundler: the documents are here, and the
// code beside them imports the artifacts from __generated__ itself.

/** A page of accounts. */
graphql`
  query AccountListQuery($count: Int!, $cursor: String) {
    organization {
      id
      ...AccountList_organization @arguments(count: $count, cursor: $cursor)
    }
  }
`;

/** The list, with the query that `usePaginationFragment` makes for its further pages: it begins at `node(id:)`. */
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

/** The same list in one request, shown while it is read. */
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

/** What one row shows; read anew by `node(id:)`. */
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

/** An invitation's own page. */
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

/** Sends an invitation, and puts it in front of those that were sent before. */
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

/** Takes an invitation back: its record changes, and with it everything that shows it. */
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

/** Keeps an invitation's record up to date, whoever changes it. */
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
