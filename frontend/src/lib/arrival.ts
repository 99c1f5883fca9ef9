/** The version of one thing, or of several that one form stores together. */
export type Version = number | Record<string, number>

/** Whether `next` knows of a change that `seen` does not know. */
export function isNewer(next: Version, seen: Version): boolean {
  if (typeof next === 'number' || typeof seen === 'number') return Number(next) > Number(seen)
  return Object.keys(next).some((part) => (next[part] ?? 0) > (seen[part] ?? 0))
}

// The server trims what it stores: a blank at the end is nobody's change, and neither is an empty field.
const plain = (value: unknown): string =>
  JSON.stringify(value ?? '', (_key, part: unknown) => (part === null ? '' : typeof part === 'string' ? part.trim() : part))
export const same = (a: unknown, b: unknown): boolean => plain(a) === plain(b)

/**
 * What to do with a state that somebody stored while a form is open: `take` it where nothing was typed, `adopt` its version where all it changed is
 * what stands here too, and ask (`conflict`) where it differs from what was typed over the state before it.
 */
export function arrival<T extends object>(kept: T, mine: T, theirs: T): 'take' | 'adopt' | 'conflict' {
  if (same(kept, mine)) return 'take'
  const changed = (Object.keys(theirs) as (keyof T)[]).filter((field) => !same(theirs[field], kept[field]))
  return changed.every((field) => same(theirs[field], mine[field])) ? 'adopt' : 'conflict'
}
