import type { aws } from '../upstream/index.ts';
import { builder } from './builder.ts';
import type { Entity, ParentEntity } from './entity.ts';

// The names of the types that refer to each other in circles. Each is implemented in its domain's own file.

export const OrganizationRef = builder.objectRef<Entity<'Organization'>>('Organization');
export const RootRef = builder.objectRef<Entity<'Root'>>('Root');
export const OrganizationalUnitRef = builder.objectRef<Entity<'OrganizationalUnit'>>('OrganizationalUnit');
export const AccountRef = builder.objectRef<Entity<'Account'>>('Account');
export const PolicyRef = builder.objectRef<Entity<'Policy'>>('Policy');
export const HandshakeRef = builder.objectRef<Entity<'Handshake'>>('Handshake');
export const ResponsibilityTransferRef = builder.objectRef<Entity<'ResponsibilityTransfer'>>('ResponsibilityTransfer');
export const CreateAccountStatusRef = builder.objectRef<Entity<'CreateAccountStatus'>>('CreateAccountStatus');
export const ResourcePolicyRef = builder.objectRef<Entity<'ResourcePolicy'>>('ResourcePolicy');

export const NodeRef = builder.interfaceRef<Entity>('Node');
export const ParentRef = builder.interfaceRef<ParentEntity>('Parent');
/** A target of policies. */
export type PolicyTargetEntity = Entity<'Root' | 'OrganizationalUnit' | 'Account'>;
export const PolicyTargetRef = builder.interfaceRef<PolicyTargetEntity>('PolicyTarget');
/** A resource with tags. */
export type TaggableEntity = Entity<
  'Root' | 'OrganizationalUnit' | 'Account' | 'Policy' | 'ResponsibilityTransfer' | 'ResourcePolicy'
>;
export const TaggableRef = builder.interfaceRef<TaggableEntity>('Taggable');

/** An object whose changes are kept. */
export type HistoryEntity = Entity<
  'Root' | 'OrganizationalUnit' | 'Account' | 'Policy' | 'Handshake' | 'ResponsibilityTransfer'
>;
export const HistoryRef = builder.interfaceRef<HistoryEntity>('History');

export const TagRef = builder.objectRef<aws.Tag>('Tag');
