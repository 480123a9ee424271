import { throwException } from '../service-error.ts';
import type { FinalState, Handshake } from '../world/entities.ts';
import { isPending } from '../world/handshakes.ts';

/** Only pending handshakes change their state. AWS has an exception of its own for a state that is already reached. */
export function checkTransition(handshake: Handshake, wanted: FinalState): void {
  if (handshake.state === wanted) {
    throwException('HandshakeAlreadyInStateException', `Handshake ${handshake.id} is already ${wanted}.`);
  }
  if (!isPending(handshake)) {
    throwException(
      'InvalidHandshakeTransitionException',
      `Handshake ${handshake.id} is ${handshake.state} and cannot become ${wanted}.`,
    );
  }
}
