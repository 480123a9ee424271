import type { Input, WriteName } from '../../upstream/index.ts';
import { type TextShape, type Violation, violationOf } from './text-rules.ts';

/** The shape of a string, or the rules of each member or list item. */
type Rules<T> = [T] extends [string]
  ? TextShape
  : T extends readonly (infer E)[]
    ? { readonly each: Rules<E> }
    : { readonly [M in keyof T]?: Rules<NonNullable<T[M]>> };

const tags = { each: { Key: 'TagKey', Value: 'TagValue' } } as const;
const newAccount = { Email: 'Email', AccountName: 'CreateAccountName', RoleName: 'RoleName', Tags: tags } as const;

/** The rules of each write's request, in the order of AWS's API model. */
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
  /** Path of the invalid value in the client's spelling, such as `input.tags[0].key`. */
  readonly path: string;
}

/** Returns the first violation of a request. */
export function inputViolation<O extends WriteName>(operation: O, request: Input<O>): InputViolation | undefined {
  return prefixPath('input', findViolation(inputRules[operation], request));
}

/** Finds the first violation; its path is relative to `value`, so that valid requests build no paths. */
function findViolation(rules: unknown, value: unknown): InputViolation | undefined {
  if (value === undefined || value === null) return undefined;
  if (isShape(rules)) {
    const violation = typeof value === 'string' ? violationOf(value, rules) : undefined;
    return violation && { path: '', ...violation };
  }
  if (typeof rules !== 'object' || rules === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) {
    const each: unknown = 'each' in rules ? rules.each : undefined;
    for (const [index, item] of value.entries()) {
      const violation = prefixPath(`[${index}]`, findViolation(each, item));
      // AWS reports only that a list of strings has an invalid member.
      if (violation) return isShape(each) ? { ...violation, reason: 'INVALID_LIST_MEMBER' } : violation;
    }
    return undefined;
  }
  for (const member in rules) {
    const violation = findViolation(Reflect.get(rules, member), Reflect.get(value, member));
    if (violation) return prefixPath(`.${member.charAt(0).toLowerCase()}${member.slice(1)}`, violation);
  }
  return undefined;
}

const prefixPath = (prefix: string, violation: InputViolation | undefined): InputViolation | undefined =>
  violation && { ...violation, path: prefix + violation.path };

const isShape = (rules: unknown): rules is TextShape => typeof rules === 'string';
