import { specifiedDirectives } from 'graphql';
import { refuseUnknownAsInput } from './aws-enum.ts';
import { builder } from './builder.ts';
import { incrementalDirectives } from './incremental-directives.ts';

import './scalars.ts';
import './node.ts';
import './viewer.ts';
import './organization.ts';
import './organization-mutations.ts';
import './root.ts';
import './parent.ts';
import './organizational-unit.ts';
import './account.ts';
import './account-mutations.ts';
import './policy.ts';
import './policy-attachment.ts';
import './policy-levels.ts';
import './policy-preview.ts';
import './control-policies/account-decision.ts';
import './control-policies/organization-decisions.ts';
import './control-policies/policy-diagnostics.ts';
import './reached-accounts.ts';
import './effective-policy.ts';
import './handshake.ts';
import './handshake-mutations.ts';
import './responsibility-transfer.ts';
import './transfer-dates.ts';
import './history.ts';
import './inventory.ts';
import './gateway-status.ts';
import './refresh-inventory.ts';
import './create-account-status.ts';
import './delegated-administrator.ts';
import './service-access.ts';
import './resource-policy.ts';
import './tag.ts';
import './changes.ts';
import './organization-changes.ts';

export type { GraphContext } from './context.ts';
export { toGraphQLError } from './errors.ts';

/** The whole graph, as one executable schema. */
export const schema = refuseUnknownAsInput(
  builder.toSchema({
    directives: [...specifiedDirectives, ...incrementalDirectives],
  }),
);
