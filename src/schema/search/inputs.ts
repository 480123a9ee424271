import { builder } from '../builder.ts';

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'The direction of an order.',
  values: {
    ASC: { description: 'The smallest value first.' },
    DESC: { description: 'The largest value first.' },
  },
});

export const TagFilter = builder.inputType('TagFilter', {
  description: 'A condition on one tag. Needs the inventory (setting `inventory`).',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The key, with upper and lower case as in AWS.' }),
    values: t.stringList({ description: 'The tag has one of these values.' }),
    exists: t.boolean({
      description: 'Without `values`: whether the resource has the tag at all. Default: true.',
    }),
  }),
});

export const PolicyFilter = builder.inputType('PolicyFilter', {
  description: 'A condition on one policy. Needs the inventory (setting `inventory`).',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The policy.' }),
    applies: t.boolean({
      required: true,
      defaultValue: true,
      description:
        'True: it is attached to the account or to any level above it. False: it reaches the account on no level.',
    }),
  }),
});
