import { unitId } from './world/world.ts';

/** The JSON body of a request. */
export interface GraphQLRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  /** Title in tables. */
  readonly short: string;
  /** Returns the request with this number. Only a row that `renews` has more than one. */
  readonly request: (number: number) => GraphQLRequest;
  /** Whether each request is different. */
  readonly renews?: true;
}

const accountList = (first: number) => `query Accounts {
  organization {
    accounts(first: ${first}) {
      edges { node { id name email state joinedMethod joinedTimestamp } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const units = (inner: string) => `organizationalUnits { edges { node { id name path ${inner} } } }`;

const rename = `mutation Rename($input: UpdateOrganizationalUnitInput!) {
  updateOrganizationalUnit(input: $input) {
    __typename
    ... on UpdateOrganizationalUnitPayload { organizationalUnit { id name path } }
    ... on Error { code message }
  }
}`;

/** Each request has its own operation name and two aliases, so that no document or plan cache helps. */
const unseen = (number: number) => `query Unseen${number} {
  organization {
    id
    arn${number}: arn
    featureSet
    accounts(first: 5) {
      edges { node { id name${number}: name email state } }
      pageInfo { hasNextPage }
    }
  }
}`;

export const rows: readonly Row[] = [
  {
    name: 'tiny',
    short: 'tiny query',
    title: 'Tiny query: `{ __typename }`',
    request: () => ({ query: '{ __typename }' }),
  },
  { name: 'list', short: '20 accounts', title: 'List of 20 accounts', request: () => ({ query: accountList(20) }) },
  {
    name: 'long-list',
    short: '1,000 accounts',
    title: 'List of 1,000 accounts',
    request: () => ({ query: accountList(1_000) }),
  },
  {
    name: 'tree',
    short: 'tree',
    title: 'Tree of 84 organizational units, three levels deep',
    request: () => ({ query: `query Tree { root { id name ${units(units(units('')))} } }` }),
  },
  {
    name: 'mutation',
    short: 'mutation',
    title: 'Mutation: an organizational unit is renamed',
    request: () => ({
      query: rename,
      variables: { input: { organizationalUnitId: unitId([3, 3, 3]), name: 'Renamed' } },
    }),
  },
  {
    name: 'unseen',
    short: 'unseen documents',
    title: 'Documents that the server has not seen before, 1,000 or more a round',
    request: (number) => ({ query: unseen(number) }),
    renews: true,
  },
];
