/**
 * Close codes beside those of the graphql-transport-ws protocol (4400 bad message, 4401 operation before `connection_init`,
 * 4408 no `connection_init`, 4409 id in use, 4429 second `connection_init`, 4500 internal) and ws's own 1009 (message too big).
 */
export const CloseCode = {
  /** RFC 6455: the server is going down. graphql-ws clients connect again after it, by themselves. */
  GoingAway: 1001,
  /** RFC 6455: nothing is wrong with the request, but it cannot be looked into now. */
  TryAgainLater: 1013,
  /** RFC 6455: a message is too large. */
  MessageTooBig: 1009,
  /** graphql-transport-ws: a message that the protocol does not know. */
  BadRequest: 4400,
  /** graphql-transport-ws: who calls is not known, or has no part in this gateway. */
  Forbidden: 4403,
  /** The token or key with which the connection was opened has expired. graphql-ws clients connect again after it, with new `connectionParams`. */
  TokenExpired: 4410,
  /** The client has read nothing for `limits.sendTimeoutMs` of what waits to be sent to it. */
  ClientTooSlow: 4411,
  /** A bound of `limits.bufferedBytes` does not allow the message that the client is sending. */
  BufferedBytesExceeded: 4412,
  /** Too many messages or pings: before the client has shown valid credentials, or per second. */
  TooManyMessages: 4413,
  /** A message was not complete within `limits.bodyTimeoutMs`. */
  MessageTimeout: 4414,
  /** graphql-transport-ws: no `connection_init` within `limits.connectionInitTimeoutMs`. */
  InitTimeout: 4408,
  /** graphql-transport-ws: something failed that is not an operation's result. */
  InternalServerError: 4500,
} as const;
