import { accountCases } from './account-cases.ts';
import { delegationCases } from './delegation-cases.ts';
import { everyOperationCases } from './every-operation-cases.ts';
import { handshakeCases } from './handshake-cases.ts';
import { policyCases } from './policy-cases.ts';
import type { ErrorCase } from './stage.ts';
import { transferCases } from './transfer-cases.ts';
import { treeCases } from './tree-cases.ts';

/** All exceptions that tests provoke. docs/simulator.md has a table generated from them. */
export const errorCases: readonly ErrorCase[] = [
  ...everyOperationCases,
  ...accountCases,
  ...treeCases,
  ...policyCases,
  ...delegationCases,
  ...handshakeCases,
  ...transferCases,
];
