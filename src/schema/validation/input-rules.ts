import type { Input, WriteName } from '../../upstream/index.ts';
import { type TextShape, type Violation, violationOf } from './text-rules.ts';

/** The shape of a text, or the rules of each member, or of each item of a list. */
type Rules<T> = [T] extends [string]
  ? TextShape
  : T extends readonly (infer E)[]
    ? { readonly each: Rules<E> }
    : { readonly [M in keyof T]?: Rules<NonNullable<T[M]>> };

const tags = { each: { Key: 'TagKey', Value: 'TagValue' } } as const;
const newAccount = { Email: 'Email', AccountName: 'CreateAccountName', RoleName: 'RoleName', Tags: tags } as const;

/** The members of each changing operation's request that have rules, in the order of AWS's API model. */
export const inputRules: { readonly [O in WriteName]: Rules<Input<O>> } = {
  AcceptHandshake: { HandshakeId: 'HandshakeId' },
  AttachPolicy: { PolicyId: 'PolicyId', TargetId: 'PolicyTargetId' },
  CancelHandshake: { HandshakeId: 'HandshakeId' },
  CloseAccount: { AccountId: 'AccountId' },
  CreateAccount: newAccount,
  CreateGovCloudAccount: newAccount,
  CreateOrganization: {},
  CreateOrganizationalUnit: { ParentId: 'ParentId', Name: 'OrganizationalUnitName', Tags: tags },
  CreatePolicy: { Content: 'PolicyContent', Description: 'PolicyDescription', Name: 'PolicyName', Tags: tags },
  DeclineHandshake: { HandshakeId: 'HandshakeId' },
  DeleteOrganization: {},
  DeleteOrganizationalUnit: { OrganizationalUnitId: 'OrganizationalUnitId' },
  DeletePolicy: { PolicyId: 'PolicyId' },
  DeleteResourcePolicy: {},
  DeregisterDelegatedAdministrator: { AccountId: 'AccountId', ServicePrincipal: 'ServicePrincipal' },
  DetachPolicy: { PolicyId: 'PolicyId', TargetId: 'PolicyTargetId' },
  DisableAWSServiceAccess: { ServicePrincipal: 'ServicePrincipal' },
  DisablePolicyType: { RootId: 'RootId' },
  EnableAWSServiceAccess: { ServicePrincipal: 'ServicePrincipal' },
  EnableAllFeatures: {},
  EnablePolicyType: { RootId: 'RootId' },
  InviteAccountToOrganization: { Target: { Id: 'HandshakePartyId' }, Notes: 'HandshakeNotes', Tags: tags },
  InviteOrganizationToTransferResponsibility: {
    Target: { Id: 'HandshakePartyId' },
    Notes: 'HandshakeNotes',
    SourceName: 'ResponsibilityTransferName',
    Tags: tags,
  },
  LeaveOrganization: {},
  MoveAccount: { AccountId: 'AccountId', SourceParentId: 'ParentId', DestinationParentId: 'ParentId' },
  PutResourcePolicy: { Content: 'ResourcePolicyContent', Tags: tags },
  RegisterDelegatedAdministrator: { AccountId: 'AccountId', ServicePrincipal: 'ServicePrincipal' },
  RemoveAccountFromOrganization: { AccountId: 'AccountId' },
  TagResource: { ResourceId: 'TaggableResourceId', Tags: tags },
  TerminateResponsibilityTransfer: { Id: 'ResponsibilityTransferId' },
  UntagResource: { ResourceId: 'TaggableResourceId', TagKeys: { each: 'TagKey' } },
  UpdateOrganizationalUnit: { OrganizationalUnitId: 'OrganizationalUnitId', Name: 'OrganizationalUnitName' },
  UpdatePolicy: {
    PolicyId: 'PolicyId',
    Name: 'PolicyName',
    Description: 'PolicyDescription',
    Content: 'PolicyContent',
  },
  UpdateResponsibilityTransfer: { Id: 'ResponsibilityTransferId', Name: 'ResponsibilityTransferName' },
};

export interface InputViolation extends Violation {
  /** Where it is, as the client wrote it: `input.tags[0].key`. */
  readonly path: string;
}

/** The first rule that a request breaks. */
export function inputViolation<O extends WriteName>(operation: O, request: Input<O>): InputViolation | undefined {
  return at('input', find(inputRules[operation], request));
}

/** Finds the first violation; its path is relative to `value`, so that valid requests build no paths. */
function find(rules: unknown, value: unknown): InputViolation | undefined {
  if (value === undefined || value === null) return undefined;
  if (isShape(rules)) {
    const violation = typeof value === 'string' ? violationOf(value, rules) : undefined;
    return violation && { path: '', ...violation };
  }
  if (typeof rules !== 'object' || rules === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) {
    const each: unknown = 'each' in rules ? rules.each : undefined;
    for (const [index, item] of value.entries()) {
      const violation = at(`[${index}]`, find(each, item));
      // AWS tells of a plain list only that one of its members is wrong.
      if (violation) return isShape(each) ? { ...violation, reason: 'INVALID_LIST_MEMBER' } : violation;
    }
    return undefined;
  }
  for (const member in rules) {
    const violation = find(Reflect.get(rules, member), Reflect.get(value, member));
    if (violation) return at(`.${member.charAt(0).toLowerCase()}${member.slice(1)}`, violation);
  }
  return undefined;
}

const at = (place: string, violation: InputViolation | undefined): InputViolation | undefined =>
  violation && { ...violation, path: place + violation.path };

const isShape = (rules: unknown): rules is TextShape => typeof rules === 'string';
