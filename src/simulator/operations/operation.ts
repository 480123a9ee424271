import type { Call } from '../call.ts';
import type { Inputs, OperationName, Outputs } from '../model/operations.ts';

/** Implements one operation. The caller and the types and constraints of the input have been checked. */
export type Operation<Name extends OperationName> = (input: Inputs[Name], call: Call) => Outputs[Name];
