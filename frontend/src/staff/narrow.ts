/** What people read and type alike: small letters, without the dots and strokes on them. */
const plain = (text: string): string => text.toLocaleLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss')

/** Whether a text has every word that was typed, for lists that are in the browser as a whole. */
export function hasWords(text: string, typed: string | undefined): boolean {
  const whole = plain(text)
  return plain(typed ?? '').split(/\s+/).every((word) => whole.includes(word))
}
