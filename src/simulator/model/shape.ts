/** A shape of AWS's API model. Lengths are in characters; patterns match the whole value. */
export type Shape =
  | {
      readonly type: 'string';
      readonly min?: number;
      readonly max?: number;
      readonly pattern?: RegExp;
      readonly enum?: readonly string[];
    }
  | { readonly type: 'integer'; readonly min: number; readonly max: number }
  | { readonly type: 'boolean' | 'timestamp' }
  | { readonly type: 'list'; readonly member: string }
  | {
      readonly type: 'structure';
      readonly members: Readonly<Record<string, string>>;
      readonly required: readonly string[];
    };
