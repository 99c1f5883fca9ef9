// Typed text and chosen wishes are kept in this tab only, and are gone at sign-out: phones are shared.

const PREFIX = 'kp-draft:'

/** The draft that holds an invitation of the other parent while the second one signs in. */
export const GUARDIAN_TOKEN = 'guardian-token'
/** The draft that holds the code of a letter while somebody signs in. */
export const CLAIM_CODE = 'claim-code'

export function readDraft<T>(name: string): T | null {
  try {
    const text = sessionStorage.getItem(PREFIX + name)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}
export function writeDraft(name: string, value: unknown): void {
  try { sessionStorage.setItem(PREFIX + name, JSON.stringify(value)) } catch { /* without a store the text lives as long as the page */ }
}
export function dropDraft(name: string): void {
  try { sessionStorage.removeItem(PREFIX + name) } catch { /* nothing was kept */ }
}
export function clearDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
  } catch { /* nothing was kept */ }
}
