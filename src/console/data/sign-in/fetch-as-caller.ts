import { reasonOf } from './identify.ts';
import { signIn } from './sign-in.ts';

interface FetchOptions {
  /** For what may be sent late: a query. A change is sent when the user asks for it, or not at all. */
  readonly canWait: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request to the gateway with the caller's credential. One that the gateway has rejected (401) it has not run,
 * so it is sent again with the next credential.
 * @throws SignInError if the caller is signed out.
 */
export async function fetchAsCaller(body: string, headers: Record<string, string>, options: FetchOptions) {
  const { signal } = options;
  for (;;) {
    const credential = await signIn.ready(options);
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { ...headers, ...(credential && { authorization: credential.authorization }) },
      body,
      ...(signal && { signal }),
    });
    if (response.status !== 401 || credential === undefined) {
      if (response.ok) signIn.onAccepted(credential);
      return response;
    }
    const reason = await reasonOf(response);
    await signIn.onRejected(credential, reason?.message ?? 'The gateway has rejected it.');
  }
}
