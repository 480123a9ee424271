/** Forms that open within the panel of a node. */
export const NODE_FORMS = ['new-unit', 'rename', 'delete', 'tags', 'close', 'remove', 'leave'] as const;
export type NodeFormName = (typeof NODE_FORMS)[number];

export const isNodeForm = (name: string | undefined): name is NodeFormName => NODE_FORMS.some((form) => form === name);
