/** Path of HTTP, SSE, WebSocket and GraphiQL alike. */
export const ENDPOINT = '/graphql';
