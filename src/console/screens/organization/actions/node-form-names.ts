import type { FormOf } from '../../../actions/forms.ts';

/** Forms that open within the panel of a node; the others are dialogs. */
export type NodeFormName = Exclude<FormOf<'organization'>, 'create' | 'move'>;

export const isNodeForm = (name: FormOf<'organization'> | undefined): name is NodeFormName =>
  name !== undefined && name !== 'create' && name !== 'move';
