import type { Operation } from './operation.ts';
import { orderAccount } from './order-account.ts';

export const createAccount: Operation<'CreateAccount'> = (input, call) => ({
  CreateAccountStatus: orderAccount(call, input, false),
});
