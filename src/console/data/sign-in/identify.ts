import { ViewerDocument, type ViewerQuery } from '../viewer.generated.ts';
import { type Credential, SignInError } from './credential.ts';

/** Whose credential it is, and as which principals the caller may act. */
export interface Identity {
  readonly caller: string;
  readonly principals: readonly string[];
}

/**
 * Asks the gateway for the caller.
 * @throws SignInError with the gateway's reason if it does not accept the credential.
 */
export async function identify({ authorization }: Credential): Promise<Identity> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', authorization },
    body: JSON.stringify({ query: String(ViewerDocument) }),
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SignInError('NETWORK_ERROR', `The gateway cannot be reached: ${reason}.`);
  });
  const error = await reasonOf(response.clone());
  const { data }: { data: ViewerQuery | null } = error ? { data: null } : await response.json();
  if (data) {
    const { caller, principals } = data.viewer;
    return { caller, principals: principals.map(({ name }) => name) };
  }
  throw error ?? new SignInError('HTTP_ERROR', `The gateway has answered with the status ${response.status}.`);
}

/** Why the gateway has rejected a request; undefined if it has not. */
export async function reasonOf(response: Response): Promise<SignInError | undefined> {
  const { errors } = await response.json().catch(() => ({ errors: [{}] }));
  const [error] = Array.isArray(errors) ? errors : [];
  if (error === undefined) return undefined;
  const { message = `The gateway has answered with the status ${response.status}.`, extensions = {} } = error;
  const { code = 'HTTP_ERROR', retryAfterMs } = extensions;
  const wait = typeof retryAfterMs === 'number' ? ` Wait ${Math.ceil(retryAfterMs / 1_000)} s.` : '';
  return new SignInError(String(code), `${message}${wait}`);
}
