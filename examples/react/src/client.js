import { createClient } from 'graphql-ws';
import { Client, fetchExchange } from 'urql';

/** For queries and mutations. */
export const client = new Client({ url: '/graphql', exchanges: [fetchExchange] });

/** For all live tables of the page. */
export const socket = createClient({ url: `${location.origin.replace('http', 'ws')}/graphql` });
