// Tables as files for a spreadsheet: semicolon, UTF-8 with a mark so that a German Excel reads umlauts.

import { keep } from '../lib/keep'

/** One cell. Text that a spreadsheet would take for a formula gets an apostrophe in front: the same that the server's files guard. */
export function csvCell(value: string | number | null | undefined): string {
  if (typeof value === 'number') return String(value).replace('.', ',')
  const text = value ?? ''
  const safe = /^\s*[=+\-@＝＋－＠]/.test(text) || /^[^\S\t\r\n]*[\t\r\n]/.test(text) ? `'${text}` : text
  return /[";\n\r']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const toCsv = (rows: (string | number | null | undefined)[][]): string =>
  `\uFEFF${rows.map((row) => row.map(csvCell).join(';')).join('\r\n')}\r\n`

/** Hands a text made in this page to the browser's downloads. */
export const saveText = (name: string, text: string, type = 'text/csv;charset=utf-8'): void => keep(new Blob([text], { type }), name)
