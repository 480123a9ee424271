import type { PolicyRow } from '../../data/organization/lists.ts';

export const typeOf = ({ type, typeRaw }: PolicyRow): string => (type === 'UNKNOWN' ? null : type) ?? typeRaw ?? '';

export const nameOf = ({ name, id }: PolicyRow): string => name ?? id;
