export { createCopy } from './copy.ts';
export {
  accountMatches,
  handshakeMatches,
  isMonth,
  organizationalUnitMatches,
  responsibilityTransferMatches,
  tagsMatch,
} from './filters.ts';
export { createInventory, type Inventory, type InventoryEntry } from './inventory.ts';
export { accountOrder, handshakeOrder, type ItemOrder, idOrder } from './orders.ts';
export type * from './types.ts';
