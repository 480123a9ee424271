import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** An error as it is sent: without the extensions that are meant for the server itself. */
export function toWireError(error: GraphQLError): GraphQLFormattedError {
  const { http, unexpected, ...extensions } = error.extensions;
  const { message, locations, path } = error;
  return {
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
  };
}
