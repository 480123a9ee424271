/**
 * How long STS is waited for, in ms: to connect, for the head of an answer, and for each next piece of it. Without limits one connection
 * that stalls would be waited for until the process ends.
 */
export const stsConnection = {
  connectionTimeout: 3_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
  socketTimeout: 5_000,
} as const;
