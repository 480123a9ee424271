import type { ReadName } from '../upstream/index.ts';
import type { IdRole } from './types.ts';

export type Concern =
  | 'account creations'
  | 'accounts'
  | 'attachments'
  | 'delegated administrators'
  | 'effective policies'
  | 'handshakes'
  | 'organization'
  | 'organizational units'
  | 'policies'
  | 'policy types'
  | 'resource policy'
  | 'services'
  | 'tags'
  | 'transfers';

/** Where the facts about events come from, as of November 2026. */
export const eventSources = {
  guide: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html',
  model: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html',
  termination: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_TerminateResponsibilityTransfer.html',
  membership: 'https://aws.amazon.com/about-aws/whats-new/2026/05/aws-organizations-cloudtrail/',
  policyTypes: 'https://docs.aws.amazon.com/organizations/latest/userguide/disable-policy-type.html',
  accounts: 'https://docs.aws.amazon.com/accounts/latest/reference/monitoring-cloudtrail.html',
  tags: 'https://docs.aws.amazon.com/tag-editor/latest/userguide/tag-monitor.html',
  sample: 'https://github.com/aws-samples/aws-iam-identity-center-extensions',
} as const;

/**
 * How the members of an event are known. `derived`: they are the members of the API model with a small first letter, as
 * in all events that AWS documents and that were observed.
 */
type Basis = 'documented' | 'observed' | 'partly documented' | 'derived';

type Source = keyof typeof eventSources;

/** How the members of an event are known, and the sources: `derived: model`. */
export type EventFacts = `${Basis}: ${Source}` | `${Basis}: ${Source}, ${Source}`;

export interface OrganizationEvent {
  /** `source` of the event in EventBridge. */
  readonly source: 'aws.account' | 'aws.organizations' | 'aws.tag';
  readonly concerns: readonly Concern[];
  /**
   * Where the event names ids, as paths from `detail`; `[]` for each item, `**` for any member below. `resources` is
   * the member of the event itself. `recipientAccountId` counts only if no other path of the role has an id.
   */
  readonly ids: { readonly [R in IdRole]?: readonly string[] };
  /** The narrowest operations that show the change. */
  readonly reads: readonly ReadName[];
  readonly facts: EventFacts;
}
