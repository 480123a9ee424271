import type * as structures from '../model/structures.ts';
import type { CreateAccountRequest } from '../world/entities.ts';
import { toOptionalSeconds, toSeconds } from './seconds.ts';

export function renderCreateAccountStatus(request: CreateAccountRequest): structures.CreateAccountStatus {
  return {
    Id: request.id,
    AccountName: request.accountName,
    State: request.state,
    RequestedTimestamp: toSeconds(request.requestedAt),
    CompletedTimestamp: toOptionalSeconds(request.completedAt),
    AccountId: request.accountId,
    GovCloudAccountId: request.govCloudAccountId,
    FailureReason: request.failureReason,
  };
}
