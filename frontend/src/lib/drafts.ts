// Typed text and chosen wishes are kept in this tab only, and are gone at sign-out: phones are shared.

const PREFIX = 'kp-draft:'
const OWNER = 'kp-draft-owner:'

/** The draft that holds an invitation of the other parent while the second one signs in. */
export const GUARDIAN_TOKEN = 'guardian-token'
/** The draft that holds the code of a letter while somebody signs in. */
export const CLAIM_CODE = 'claim-code'

/** Who is signed in, in whose name; null while nobody is. */
let owner: string | null = null

export function readDraft<T>(name: string): T | null {
  try {
    const text = sessionStorage.getItem(PREFIX + name)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}
export function writeDraft(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value))
    if (owner) sessionStorage.setItem(OWNER + name, owner)
    else sessionStorage.removeItem(OWNER + name)
  } catch { /* without a store the text lives as long as the page */ }
}
export function dropDraft(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name)
    sessionStorage.removeItem(OWNER + name)
  } catch { /* nothing was kept */ }
}
/** The names of all drafts in this tab. */
const names = (): string[] => Object.keys(sessionStorage).flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []))

export function clearDrafts(): void {
  try { names().forEach(dropDraft) } catch { /* nothing was kept */ }
}

/**
 * Says whose drafts are written from now on. What somebody else left here when the session ended by itself is thrown away before it can be shown; what
 * was begun before anybody signed in (wishes, the code of a letter) goes with whoever signs in first. True when something was thrown away.
 */
export function draftsBelongTo(person: string | null): boolean {
  owner = person
  if (person === null) return false
  try {
    const foreign = names().filter((name) => { const of = sessionStorage.getItem(OWNER + name); return of !== null && of !== person })
    foreign.forEach(dropDraft)
    for (const name of names()) sessionStorage.setItem(OWNER + name, person)
    return foreign.length > 0
  } catch {
    return false
  }
}
