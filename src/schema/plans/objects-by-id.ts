import { type aws, type OperationName, UpstreamError } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import type { NodeName } from '../ids.ts';
import { ListReader } from './list-sweep.ts';
import { isPlanKind } from './minimums.ts';
import { Planner, type PlanOptions } from './planner.ts';
import type { Sweep } from './pool.ts';

/** The lists that hold whole objects of a type: every page of them is kept as the answers to the Describe calls for what it holds. */
interface Lists {
  readonly direct: OperationName;
  readonly swept: OperationName;
  readonly worth?: number;
  /** What tells apart the objects that one sweep does not find together. */
  readonly pool: string;
  readonly readers: (context: GraphContext) => readonly Reader[];
}

type Reader = Pick<
  ListReader<
    | 'ListAccounts'
    | 'ListOrganizationalUnitsForParent'
    | 'ListHandshakesForOrganization'
    | 'ListHandshakesForAccount'
    | 'ListInboundResponsibilityTransfers'
    | 'ListOutboundResponsibilityTransfers'
    | 'ListCreateAccountStatus'
  >,
  'complete'
> & { next(): Promise<readonly { readonly Id?: string | undefined }[]> };

/** Reads lists one after the other until all that is wanted has been seen. */
class ObjectsSweep implements Sweep<true> {
  readonly #readers: Reader[];
  readonly #seen = new Set<string>();

  constructor(readers: readonly Reader[]) {
    this.#readers = [...readers];
  }

  async step() {
    const [reader] = this.#readers;
    try {
      for (const { Id } of (await reader?.next()) ?? []) if (Id !== undefined) this.#seen.add(Id);
      if (reader?.complete) this.#readers.shift();
    } catch (error) {
      // Not everybody may read every list: a member account has no handshakes of its organization's to see.
      if (!(error instanceof UpstreamError) || this.#readers.length === 1) throw error;
      this.#readers.shift();
    }
    return { calls: 1, complete: this.#readers.length === 0 };
  }

  answer(id: string): true | undefined {
    return this.#seen.has(id) || undefined;
  }
}

/** What is known of an object beside its id, as far as it says where to look. */
interface Hints {
  readonly Id?: string | undefined;
  readonly Path?: string | undefined;
  readonly Action?: aws.ActionType | undefined;
}

function listsOf(typename: NodeName, { Path, Action }: Hints): Lists | undefined {
  switch (typename) {
    case 'Account':
      return {
        direct: 'DescribeAccount',
        swept: 'ListAccounts',
        // As AWS documents the two: 8 calls a second, and 20.
        worth: 0.4,
        pool: '',
        readers: (context) => [new ListReader(context, 'ListAccounts', {})],
      };
    case 'OrganizationalUnit': {
      const parentId = Path?.split('/')
        .filter((step) => step !== '')
        .at(-2);
      if (parentId === undefined) return undefined;
      return {
        direct: 'DescribeOrganizationalUnit',
        swept: 'ListOrganizationalUnitsForParent',
        pool: parentId,
        readers: (context) => [new ListReader(context, 'ListOrganizationalUnitsForParent', { ParentId: parentId })],
      };
    }
    case 'Handshake': {
      const filter = Action === undefined ? {} : { Filter: { ActionType: Action } };
      return {
        direct: 'DescribeHandshake',
        swept: 'ListHandshakesForOrganization',
        pool: Action ?? '',
        readers: (context) => [
          new ListReader(context, 'ListHandshakesForOrganization', filter),
          new ListReader(context, 'ListHandshakesForAccount', filter),
        ],
      };
    }
    case 'ResponsibilityTransfer':
      return {
        direct: 'DescribeResponsibilityTransfer',
        swept: 'ListInboundResponsibilityTransfers',
        pool: '',
        readers: (context) => [
          new ListReader(context, 'ListInboundResponsibilityTransfers', { Type: 'BILLING' }),
          new ListReader(context, 'ListOutboundResponsibilityTransfers', { Type: 'BILLING' }),
        ],
      };
    case 'CreateAccountStatus':
      return {
        direct: 'DescribeCreateAccountStatus',
        swept: 'ListCreateAccountStatus',
        pool: '',
        readers: (context) => [new ListReader(context, 'ListCreateAccountStatus', {})],
      };
    default:
      return undefined;
  }
}

/**
 * Waits until what else the operation wants of the same type is known, and reads it from lists where that takes less.
 * What the lists held needs no Describe call afterwards; what they did not hold still does. Never rejects.
 */
export async function gather(context: GraphContext, typename: NodeName, id: string, hints: Hints): Promise<void> {
  const lists = listsOf(typename, hints);
  if (lists === undefined || !isPlanKind(typename)) return;
  const { pool, readers, ...rates } = lists;
  const options: PlanOptions<true> = {
    ...rates,
    kind: typename,
    sweep: () => new ObjectsSweep(readers(context)),
    fedBy: [],
  };
  await Planner.of(context).demand(`${typename} ${pool}`, id, options);
}
