import type { Call } from '../call.ts';
import type { Inputs, OperationName, Outputs } from '../model/operations.ts';

/** What an operation does once who calls, and the shape of the input, are in order. */
export type Operation<Name extends OperationName> = (input: Inputs[Name], call: Call) => Outputs[Name];
