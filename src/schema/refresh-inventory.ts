import type { InventoryStatus, OrganizationCopy } from '../inventory/types.ts';
import type { KeptListName } from '../watcher/kept-types.ts';
import { builder } from './builder.ts';
import { noCalls } from './cost/rules.ts';
import { badInput } from './ids.ts';
import { InventoryRef } from './inventory.ts';
import { quoted } from './quoted.ts';
import { requires } from './scopes.ts';
import { inventoryRequired } from './search/inventory-required.ts';

interface Refreshed {
  readonly inventory: InventoryStatus;
  readonly calls: number;
}

const RefreshInventoryPayload = builder.objectRef<Refreshed>('RefreshInventoryPayload').implement({
  description: 'The result of refreshInventory.',
  fields: (t) => ({
    inventory: t.expose('inventory', {
      type: InventoryRef,
      nullable: false,
      description: 'The copy. The sweep goes on: see `progress`, and the `asOf` of each list.',
    }),
    calls: t.exposeInt('calls', {
      nullable: false,
      description: 'About how many calls to AWS the sweep takes, by the last one. Other operations do not wait for it.',
    }),
  }),
});

const RefreshInventoryInput = builder.inputType('RefreshInventoryInput', {
  description: 'The input of refreshInventory.',
  fields: (t) => ({
    lists: t.stringList({ description: 'The names of lists of the copy (`Inventory.lists`). Default: all lists.' }),
  }),
});

/** @throws GraphQLError BAD_USER_INPUT for an empty list and for a name of no list of the copy. */
function listsToRefresh(
  copy: OrganizationCopy,
  names: readonly string[] | null | undefined,
): readonly KeptListName[] | undefined {
  if (names == null) return undefined;
  const argument = 'refreshInventory(input.lists:)';
  const valid = copy.status.lists.map(({ name }) => name);
  if (names.length === 0) throw badInput(argument, 'it names no list. Leave it out to refresh all lists.');
  for (const name of names)
    if (!valid.some((each) => each === name))
      throw badInput(argument, `the copy has no list ${quoted(name)}. Its lists are ${valid.join(', ')}.`);
  return valid.filter((name) => names.includes(name));
}

builder.mutationField('refreshInventory', (t) =>
  t.field({
    type: RefreshInventoryPayload,
    nullable: true,
    description:
      'Starts to read lists of the copy of the organization again (setting `inventory`), within its share of the rates. Changes nothing at AWS. Fails with INVENTORY_REQUIRED if the organization is not copied.',
    args: { input: t.arg({ type: RefreshInventoryInput, description: 'Which lists.' }) },
    extensions: { ...noCalls, ...requires('gateway:manage') },
    resolve(_root, { input }, context, { path }) {
      const copy = context.settings.copyOf(context.principal);
      if (copy === undefined)
        throw inventoryRequired(
          'refreshInventory',
          "the principal's organization is not copied. Name the principal in the setting `inventory`.",
        );
      const lists = listsToRefresh(copy, input?.lists);
      const calls = copy.refresh(lists);
      context.onGatewayChange?.({ field: path.key, operation: 'RefreshInventory', targets: lists ?? [] });
      return { inventory: copy.status, calls };
    },
  }),
);
