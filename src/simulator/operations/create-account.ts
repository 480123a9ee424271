import type { Operation } from './operation.ts';
import { requestAccountCreation } from './request-account-creation.ts';

export const createAccount: Operation<'CreateAccount'> = (input, call) => ({
  CreateAccountStatus: requestAccountCreation(call, input, false),
});
