export type {
  Account,
  CreateAccountStatus,
  Handshake,
  HandshakeParty,
  HandshakeResource,
  Organization,
  OrganizationalUnit,
  Policy,
  PolicySummary,
  PolicyTargetSummary,
  ResponsibilityTransfer,
  Root,
  Tag,
} from '@aws-sdk/client-organizations';
export { UpstreamError } from './errors.ts';
export type * from './operation-types.ts';
export type * from './types.ts';
