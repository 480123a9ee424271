import { defineList } from '../../data/lists.ts';
import { ReceivedInvitationsDocument, SentInvitationsDocument } from './invitations.generated.ts';

export const sentInvitations = defineList({ name: 'Sent invitations', document: SentInvitationsDocument });
export const receivedInvitations = defineList({ name: 'Received invitations', document: ReceivedInvitationsDocument });
