import { z } from 'zod';
import { httpUrl, text } from './values.ts';

const profile = text.meta({ examples: ['payer'] });

/** Where a principal's AWS credentials come from. */
const credentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('default') }).meta({
    description: 'The credentials that the AWS SDK finds: environment, shared files, SSO, container, instance.',
  }),
  z
    .strictObject({
      type: z.literal('profile'),
      profile: profile.meta({ description: 'The name of a profile in the shared AWS files.' }),
    })
    .meta({ description: 'A profile of the shared AWS files.' }),
  z
    .strictObject({
      type: z.literal('assumeRole'),
      roleArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/)
        .meta({
          expected: 'the ARN of an IAM role',
          examples: ['arn:aws:iam::444444444444:role/orgql'],
          description: 'The role to assume.',
        }),
      externalId: z
        .string()
        .min(2)
        .optional()
        .meta({ examples: ['3f2a9c'], description: "The external id that the role's trust policy asks for." }),
      sessionName: z
        .string()
        .regex(/^[\w+=,.@-]{2,64}$/)
        .optional()
        .meta({
          expected: '2 to 64 characters of [A-Za-z0-9_+=,.@-]',
          examples: ['orgql'],
          description: 'The name of the role session, which CloudTrail shows. Left out, it is `orgql`.',
        }),
      callerSessions: z
        .boolean()
        .optional()
        .meta({
          examples: [true],
          description:
            "Makes writes in a session of their caller's own, with the caller's name and the tag " +
            '`orgql:caller`, so that ' +
            "CloudTrail shows the caller. The role's trust policy must allow sts:TagSession.",
        }),
      profile: profile.optional().meta({
        description: 'The profile whose credentials assume the role. Left out, the default credentials do.',
      }),
    })
    .meta({ description: 'A role, assumed with the default credentials or with a profile.' }),
  z
    .strictObject({
      type: z.literal('static'),
      accessKeyId: text.meta({ examples: ['111111111111'], description: 'The access key id.' }),
      secretAccessKey: text.meta({ examples: ['any-text-for-the-simulator'], description: 'The secret access key.' }),
      sessionToken: text.optional().meta({ description: 'The session token of temporary credentials.' }),
    })
    .meta({ description: 'Fixed keys, for the simulator and other emulators.' }),
]);

const principal = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/)
    .meta({
      expected: '1 to 64 characters of [A-Za-z0-9_.-], of which the first is a letter or a digit',
      examples: ['payer'],
      description:
        'The name that callers choose it by: header `x-orgql-principal`, `connectionParams.principal`, ' +
        '`extensions.principal`.',
    }),
  credentials: credentials
    .default({ type: 'default' })
    .meta({ description: 'Where its AWS credentials come from.', examples: ['{ type: profile, profile: payer }'] }),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .optional()
    .meta({
      expected: 'an AWS account id: 12 digits, in quotes',
      examples: ['"111111111111"'],
      description: 'The account that the credentials belong to. Left out, STS is asked once, when it is needed.',
    }),
  region: z
    .string()
    .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/)
    .optional()
    .meta({
      expected: 'an AWS region',
      examples: ['us-east-1'],
      description:
        'The region. Left out, it is that of `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile, else us-east-1.',
    }),
  endpoint: httpUrl.optional().meta({
    examples: ['http://127.0.0.1:4566'],
    description: "Replaces AWS's own endpoint of Organizations; `AWS_ENDPOINT_URL_ORGANIZATIONS` does so too.",
  }),
  stsEndpoint: httpUrl.optional().meta({
    examples: ['http://127.0.0.1:4566'],
    description: "Replaces AWS's own endpoint of STS; `AWS_ENDPOINT_URL_STS` does so too.",
  }),
});

export const principals = z
  .array(principal)
  .min(1)
  .default([{ name: 'default', credentials: { type: 'default' } }])
  .meta({
    examples: ['[{ name: payer, credentials: { type: profile, profile: payer } }]'],
    description: 'The AWS credentials to call AWS with. The first principal is used when a request names none.',
  });
