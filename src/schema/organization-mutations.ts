import { upstreamCost } from './cost/rules.ts';
import { awsMutation } from './mutation.ts';
import { OrganizationFeatureSet, ownOrganization, wholeOrganization } from './organization.ts';
import { OrganizationRef } from './refs.ts';

awsMutation('CreateOrganization', {
  description:
    "Creates an organization with the principal's account as its management account. For an account that is in no organization.",
  input: (t) => ({
    featureSet: t.field({
      type: OrganizationFeatureSet,
      description: 'The features of the organization. AWS uses ALL when it is omitted.',
    }),
  }),
  inputRequired: false,
  payload: (t) => ({
    organization: t.field({
      type: OrganizationRef,
      description: 'The new organization.',
      resolve: ({ output }) => output.Organization && wholeOrganization(output.Organization),
    }),
  }),
});

awsMutation('DeleteOrganization', {
  description:
    'Deletes the organization, which must hold nothing but its management account. For the management account.',
  payload: (t) => ({
    organization: t.field({
      type: OrganizationRef,
      description: "The organization of the principal's account now: null.",
      extensions: upstreamCost({ readOnce: 'Organization' }),
      resolve: (_written, _args, context) => ownOrganization(context),
    }),
  }),
});

awsMutation('LeaveOrganization', {
  description:
    "Removes the principal's account from its organization; it pays for itself from then on. For a member account.",
  payload: (t) => ({
    organization: t.field({
      type: OrganizationRef,
      description: "The organization of the principal's account now: null.",
      extensions: upstreamCost({ readOnce: 'Organization' }),
      resolve: (_written, _args, context) => ownOrganization(context),
    }),
  }),
});
