import { z } from 'zod';
import { principalKinds } from '../../control-policies/access-request.ts';
import { controlPolicyTypes } from '../../control-policies/check-control-policy.ts';
import type { OrganizationNode } from '../../control-policies/index.ts';

const policyType = z.enum(controlPolicyTypes);
const children = () => z.array(z.lazy(() => node)).exactOptional();
// Nodes may have more members, such as a name.
const node: z.ZodType<OrganizationNode> = z.looseObject({ id: z.string(), children: children() });

/** The name of a file, or the type with a document or a file. */
const policy = z.union([
  z.string(),
  z.strictObject({
    type: policyType.exactOptional(),
    document: z.union([z.string(), z.record(z.string(), z.json())]).exactOptional(),
    file: z.string().exactOptional(),
  }),
]);

const policies = z.record(z.string(), policy);

const organization = {
  tree: z.looseObject({ id: z.string(), managementAccount: z.string(), children: children() }).exactOptional(),
  enabledPolicyTypes: z.array(policyType).exactOptional(),
  policies: policies.exactOptional(),
  attachments: z.record(z.string(), z.array(z.string())).exactOptional(),
};

/** YAML reads values such as `true` and `5` as other types than text. */
const contextValue = z.union([z.string(), z.number(), z.boolean()], 'expected text').transform(String);

const request = z.strictObject({
  account: z.string(),
  principal: z
    .strictObject({ kind: z.enum(principalKinds).exactOptional(), account: z.string().exactOptional() })
    .exactOptional(),
  action: z.string(),
  resource: z.string().exactOptional(),
  context: z
    .record(
      z.string(),
      z.union([contextValue, z.array(contextValue), z.null()], 'expected text, a list of texts or null'),
    )
    .exactOptional(),
  isAwsManagedKey: z.boolean().exactOptional(),
});

const vector = z.strictObject({
  name: z.string(),
  topic: z.string().exactOptional(),
  source: z.string().exactOptional(),
  note: z.string().exactOptional(),
  ...organization,
  request,
  decision: z.enum(['ALLOWED', 'DENIED', 'DEPENDS']),
  because: z
    .strictObject({
      reason: z.enum(['EXPLICIT_DENY', 'NO_ALLOW']).exactOptional(),
      level: z.string().exactOptional(),
      policy: z.string().nullable().exactOptional(),
      sid: z.string().nullable().exactOptional(),
    })
    .exactOptional(),
  missingContextKeys: z.array(z.string()).exactOptional(),
});

/** An organization in a file, for `explain --file`. Other members are ignored. */
export const organizationFileSchema = z.looseObject({ awsManaged: policies.exactOptional(), ...organization });

/** The organization of the file is that of all vectors that do not state their own. Other members are ignored. */
export const vectorFileSchema = organizationFileSchema.extend({ vectors: z.array(vector) });

export type OrganizationParts = Pick<z.output<typeof organizationFileSchema>, keyof typeof organization | 'awsManaged'>;
export type PolicyEntry = z.output<typeof policy>;
export type VectorEntry = z.output<typeof vector>;
