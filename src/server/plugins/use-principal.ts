import { createGraphQLError } from 'graphql-yoga';
import type { Caller, Principal } from '../../principal/index.ts';
import type { ServerPlugin } from './plugin.ts';

/** The HTTP header that names the principal; `connectionParams.principal` becomes it on a WebSocket. */
export const PRINCIPAL_HEADER = 'x-orgql-principal';

/**
 * Chooses as whom an operation calls AWS: the principal named in the operation's `extensions.principal`, else in the
 * header (what says less far goes first: one operation, one request or connection), else the caller's first.
 * A name that is not there is an error, never a silent default: the wrong account's data must not come back.
 */
export function usePrincipal(principals: readonly Principal[]): ServerPlugin {
  const byName = new Map(principals.map((principal) => [principal.name, principal]));
  const allowedTo = (caller: Pick<Caller, 'principals'> | undefined): readonly Principal[] =>
    caller?.principals?.flatMap((name) => byName.get(name) ?? []) ?? principals;
  return {
    onParams({ params, request, context }) {
      // The parameters are not checked yet: `params` may be anything that JSON can say.
      const name: unknown = params?.extensions?.['principal'] ?? request.headers.get(PRINCIPAL_HEADER);
      const allowed = allowedTo(context.caller);
      const principal = name === null ? allowed[0] : allowed.find((each) => each.name === name);
      // One that the caller may not use is no other than one that there is not: it must not learn their names.
      if (!principal)
        throw unknownPrincipal(
          name,
          allowed.map((each) => each.name),
        );
      context.principal = principal;
      context.principals = allowed;
    },
  };
}

function unknownPrincipal(name: unknown, known: readonly string[]) {
  return createGraphQLError(
    `There is no principal ${JSON.stringify(name)}. Name one of ${known.map((each) => JSON.stringify(each)).join(', ')} in ${PRINCIPAL_HEADER}, connectionParams.principal or extensions.principal, or none for the first.`,
    { extensions: { code: 'UNKNOWN_PRINCIPAL', principals: known, http: { status: 400 } } },
  );
}
