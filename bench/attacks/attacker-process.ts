import { constants, setPriority } from 'node:os';
import { Attacker } from './attacker.ts';
import { attacks } from './attacks.ts';
import { serveParent } from './child.ts';

export interface AttackReport {
  readonly sent: number;
  readonly refused: number;
}

// The attackers share the gateway's machine. A low priority keeps the processor free for the client that measures.
setPriority(constants.priority.PRIORITY_LOW);
const [name = '', url = '', key = '', seconds = ''] = process.argv.slice(2);
const attack = attacks.find((each) => each.name === name);
if (attack === undefined) throw new Error(`there is no attack "${name}"`);
const attacker = new Attacker(url, key, Number(seconds));
process.on('uncaughtException', () => {});
serveParent({}, async (): Promise<AttackReport> => {
  await Promise.race([attack.run(attacker).catch(() => {}), attacker.hold()]);
  return { sent: attacker.sent, refused: attacker.refused };
});
