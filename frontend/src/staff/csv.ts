// Tables as files for a spreadsheet: semicolon, UTF-8 with a mark so that a German Excel reads umlauts.

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
export const saveText = (name: string, text: string, type = 'text/csv;charset=utf-8'): void => saveBlob(name, new Blob([text], { type }))

/** Hands a file to the browser's downloads. */
export function saveBlob(name: string, file: Blob): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
