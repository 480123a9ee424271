import { GraphQLError } from 'graphql';
import type { Caller, Principal } from '../../principal/index.ts';
import { quoted } from '../../schema/quoted.ts';
import { memberOf, PRINCIPAL_HEADER } from '../operation.ts';
import type { Step } from './step.ts';

/**
 * Chooses as whom an operation calls AWS: the principal named in the operation's `extensions.principal`, else in the
 * header (the narrower scope wins: operation, then request or connection), else the caller's first.
 * A name that is not there is an error, never a silent default: the wrong account's data must not come back.
 */
export function choosePrincipal(principals: readonly Principal[]): Step {
  const byName = new Map(principals.map((principal) => [principal.name, principal]));
  const allowed = new WeakMap<Caller, readonly Principal[]>();
  const allowedTo = (caller: Caller): readonly Principal[] => {
    if (caller.principals === undefined) return principals;
    let known = allowed.get(caller);
    if (known === undefined) {
      known = caller.principals.flatMap((name) => byName.get(name) ?? []);
      allowed.set(caller, known);
    }
    return known;
  };
  return {
    onRequest(operation) {
      const { request, params, caller } = operation;
      const name = memberOf(params.extensions, 'principal') ?? request.header(PRINCIPAL_HEADER);
      const choice = allowedTo(caller);
      const principal = name === undefined ? choice[0] : choice.find((each) => each.name === name);
      // One that the caller may not use is no other than one that there is not: it must not learn their names.
      if (!principal)
        throw unknownPrincipal(
          name,
          choice.map((each) => each.name),
        );
      operation.principal = principal;
      operation.principals = choice;
    },
  };
}

function unknownPrincipal(name: unknown, known: readonly string[]) {
  return new GraphQLError(
    `There is no principal ${quoted(name)}. Name one of ${known.map((each) => JSON.stringify(each)).join(', ')} in ${PRINCIPAL_HEADER}, connectionParams.principal or extensions.principal, or none for the first.`,
    { extensions: { code: 'UNKNOWN_PRINCIPAL', principals: known, http: { status: 400 } } },
  );
}
