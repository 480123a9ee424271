import {
  commitMutation,
  createOperationDescriptor,
  type Disposable,
  type Environment,
  fetchQuery,
  getSingularSelector,
  requestSubscription,
} from 'relay-runtime';
import CancelMutation, { type CancelInvitationMutation } from './__generated__/CancelInvitationMutation.graphql.ts';
import InvitationFragment, { type Invitation_handshake$data } from './__generated__/Invitation_handshake.graphql.ts';
import InvitationQueryNode, {
  type InvitationQuery,
  type InvitationQuery$data,
} from './__generated__/InvitationQuery.graphql.ts';
import InvitationSubscriptionNode, {
  type InvitationSubscription,
  type InvitationSubscription$data,
} from './__generated__/InvitationSubscription.graphql.ts';
import InviteMutationNode, { type InviteMutation } from './__generated__/InviteMutation.graphql.ts';
import { readStore } from './read-store.ts';

/** Invites an account to the principal's organization. Resolves to the payload or to AWS's exception. */
export function invite(environment: Environment, accountId: string): Promise<InviteMutation['response']> {
  return new Promise((resolve, reject) => {
    commitMutation<InviteMutation>(environment, {
      mutation: InviteMutationNode,
      variables: { input: { target: { type: 'ACCOUNT', id: accountId } } },
      onCompleted: resolve,
      onError: reject,
    });
  });
}

/** Cancels an invitation. The response updates its record in the store. */
export function cancelInvitation(environment: Environment, id: string): Promise<CancelInvitationMutation['response']> {
  return new Promise((resolve, reject) => {
    commitMutation<CancelInvitationMutation>(environment, {
      mutation: CancelMutation,
      variables: { id },
      onCompleted: resolve,
      onError: reject,
    });
  });
}

/** Reads an invitation into the store and retains it until `release`. */
export async function openInvitation(
  environment: Environment,
  id: string,
): Promise<{ read(): Invitation_handshake$data; release(): void }> {
  const operation = createOperationDescriptor(InvitationQueryNode, { id });
  const retained = environment.retain(operation);
  await fetchQuery<InvitationQuery>(environment, InvitationQueryNode, { id }).toPromise();
  return {
    read() {
      const { handshake } = readStore<InvitationQuery$data>(environment, operation.fragment);
      if (handshake == null) throw new Error(`The principal sees no handshake ${id}.`);
      const selector = getSingularSelector(InvitationFragment, handshake);
      return readStore<Invitation_handshake$data>(environment, selector);
    },
    release: () => retained.dispose(),
  };
}

/** Updates the invitation's record with each change. Completes after the final state. */
export function watchInvitation(
  environment: Environment,
  id: string,
  onEvent: (event: InvitationSubscription$data['handshakeChanges']) => void,
): { readonly completed: Promise<void> } & Disposable {
  let subscription: Disposable | undefined;
  const completed = new Promise<void>((resolve, reject) => {
    subscription = requestSubscription<InvitationSubscription>(environment, {
      subscription: InvitationSubscriptionNode,
      variables: { id },
      onNext: (response) => response && onEvent(response.handshakeChanges),
      onError: reject,
      onCompleted: resolve,
    });
  });
  return { completed, dispose: () => subscription?.dispose() };
}
