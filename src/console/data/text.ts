/** An account id in groups of four: "1111 1111 1111". */
export const groupedId = (id: string): string => (/^\d{12}$/.test(id) ? id.replace(/(\d{4})(?=\d)/g, '$1 ') : id);

/** "1 transfer", "28 transfers". */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;

/** A text as one argument of a command in a POSIX shell. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Whether a text contains what a reader types: without regard to case, accents and, in ids, spaces. */
export function matcher(typed: string): (...texts: readonly (string | null | undefined)[]) => boolean {
  const wanted = fold(typed.trim());
  if (wanted === '') return () => true;
  const digits = /^[\d\s]+$/.test(wanted) ? wanted.replace(/\s/g, '') : undefined;
  return (...texts) =>
    texts.some((text) => {
      if (!text) return false;
      return fold(text).includes(wanted) || (digits !== undefined && text.includes(digits));
    });
}

/** Has no accents, as most texts. */
const ASCII = /^[\0-\x7f]*$/;

/** A text without accents and upper case, to compare it. */
export const fold = (text: string): string =>
  (ASCII.test(text) ? text : text.normalize('NFD').replace(/\p{M}/gu, '')).toLowerCase();
