// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type RefreshInventoryMutationVariables = Exact<{ [key: string]: never; }>;

export type RefreshInventoryMutation = { refreshInventory: { calls: number, inventory: { lists: Array<{ name: string }> } } | null };

export const RefreshInventoryDocument = new TypedDocument<RefreshInventoryMutation, RefreshInventoryMutationVariables>(`mutation RefreshInventory {
  refreshInventory {
    calls
    inventory {
      lists {
        name
      }
    }
  }
}`);
