import { createHash } from 'node:crypto';
import type { OperationName, WallMs } from '../upstream/index.ts';
import { maxProgressBytes } from './journal.ts';

/** The calls of the last complete sweep, to estimate the next one. */
export interface SweepCost {
  /** By operation. */
  readonly calls: { readonly [O in OperationName]?: number };
  /** The time that its longest part took, in ms; for a schedule that of earlier sweeps, too (`lastingCost`). */
  readonly partMs: number;
}

/** An error of AWS, as other processes show it. */
export interface SharedFailure {
  readonly message: string;
  /** Whether AWS refuses the list, rather than failing. */
  readonly isRefused: boolean;
}

/** A sweep that is not complete, as far as the next leader needs it. */
export interface StoredSweep {
  /** When its first call was sent. */
  readonly startedOn: WallMs;
  /** `hashOf` the keys of the parts that are done, one after the other. */
  readonly done: string;
  /** Whether `done` lacks some: then a part is done if its object was read since `startedOn`. */
  readonly isMany: boolean;
  /** The calls so far. */
  readonly calls: SweepCost['calls'];
  /** Where the parts that are being read continue: `hashOf` their keys, and the token of the next page. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** What a leader leaves to the next one, and to the other processes, beside the objects. */
export interface SweepProgress {
  readonly last?: SweepCost | undefined;
  readonly sweep?: StoredSweep | undefined;
  readonly failure?: SharedFailure | undefined;
  /** The part of the present sweep that is done, 0 to 1. */
  readonly ratio?: number | undefined;
  /** See `KeptList.nextRefreshAt`. */
  readonly nextOn?: WallMs | undefined;
  /** See `KeptList.neededShare`. */
  readonly neededShare?: number | undefined;
  /** Ids of own writes whose effects the log has. */
  readonly writes?: readonly string[] | undefined;
}

/** `StoredSweep.done` has at most this many parts. */
export const maxStoredParts = 600;

const hashLength = 4;

/** Four characters that stand for the key of a part. One in 16 million pairs of keys has the same. */
export const hashOf = (key: string): string =>
  createHash('sha256').update(key).digest('base64url').slice(0, hashLength);

export const hashesOf = (done: string): Set<string> => {
  const hashes = new Set<string>();
  for (let start = 0; start < done.length; start += hashLength) hashes.add(done.slice(start, start + hashLength));
  return hashes;
};

/** Leaves out tokens that are too long: their parts are read again from the start. */
export const encodeProgress = (progress: SweepProgress): string => {
  const text = JSON.stringify(progress);
  if (Buffer.byteLength(text) <= maxProgressBytes) return text;
  const { sweep, last, ratio, nextOn, failure, writes } = progress;
  const message = failure?.message.slice(0, 200) ?? '';
  return JSON.stringify({
    last,
    ratio,
    nextOn,
    writes,
    sweep: sweep && { ...sweep, tokens: {} },
    failure: failure && { ...failure, message },
  });
};

/** A text of another version of the gateway counts as none. */
export const decodeProgress = (text: string | undefined): SweepProgress => {
  if (text === undefined || text === '') return {};
  try {
    const progress: unknown = JSON.parse(text);
    return typeof progress === 'object' && progress !== null ? progress : {};
  } catch {
    return {};
  }
};

/** Decodes a text once, however often it is used. */
export class ProgressDecoder {
  #text: string | undefined;
  #progress: SweepProgress = {};

  decode(text: string | undefined): SweepProgress {
    if (text !== this.#text) {
      this.#text = text;
      this.#progress = decodeProgress(text);
    }
    return this.#progress;
  }
}
