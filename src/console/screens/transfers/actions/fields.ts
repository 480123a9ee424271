/** What AWS accepts as the name of a transfer. */
const NAME = /^[ -~]{1,128}$/;

/** What is wrong with a name, and the fix. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'There is no name. Type one.';
  if (name.length > 128) return `The name has ${name.length} characters, and AWS allows 128. Shorten it.`;
  if (NAME.test(name)) return undefined;
  const wrong = [...name].find((character) => !NAME.test(character));
  return `“${wrong}”: AWS allows only letters without accents, digits, spaces and ASCII symbols. Replace it.`;
}

const MAX_NOTE = 1_024;

export const noteProblem = (note: string): string | undefined =>
  note.length > MAX_NOTE
    ? `The note has ${note.length} characters, and AWS allows ${MAX_NOTE}. Shorten it.`
    : undefined;

/** Whom an invitation goes to. */
export interface Target {
  readonly id: string;
  readonly type: 'ACCOUNT' | 'EMAIL';
}

/** Reads an account id, also with spaces or hyphens, or an e-mail address; else says what is wrong, and the fix. */
export function targetOf(typed: string): Target | { readonly problem: string } {
  const text = typed.trim();
  if (text === '') return { problem: 'There is no account. Type the account id or the e-mail address.' };
  if (text.includes('@')) {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return { problem: `“${text}” is no e-mail address. Correct it.` };
    if (text.length > 64) return { problem: `“${text}” has more than 64 characters. Use the account id instead.` };
    return { id: text, type: 'EMAIL' };
  }
  const digits = text.replace(/[\s-]/g, '');
  if (/^\d{12}$/.test(digits)) return { id: digits, type: 'ACCOUNT' };
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(digits)) {
    return { problem: `“${text}” was rounded by a spreadsheet. Format the column as text, and enter the 12 digits.` };
  }
  if (/^\d{9,11}$/.test(digits)) {
    return { problem: `“${text}” has ${digits.length} digits, not 12. A spreadsheet may have removed zeros in front.` };
  }
  return { problem: `“${text}” is no account id (12 digits) and no e-mail address. Correct it.` };
}
