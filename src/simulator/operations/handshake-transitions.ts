import { refuse } from '../service-error.ts';
import type { FinalState, Handshake } from '../world/entities.ts';
import { isPending } from '../world/handshakes.ts';

/** From a final state nothing moves; to the state that it is in already is an error of its own. */
export function checkTransition(handshake: Handshake, wanted: FinalState): void {
  if (handshake.state === wanted) {
    refuse('HandshakeAlreadyInStateException', `Handshake ${handshake.id} is already ${wanted}.`);
  }
  if (!isPending(handshake)) {
    refuse(
      'InvalidHandshakeTransitionException',
      `Handshake ${handshake.id} is ${handshake.state} and cannot become ${wanted}.`,
    );
  }
}
