import { useSyncExternalStore } from 'react'
import { readDraft, writeDraft } from './drafts'

/** Facilities a person has marked while searching; kept in this tab and carried into the demand. */
export type Wish = { id: string; name: string }

const listeners = new Set<() => void>()
const cache = new Map<string, Wish[]>()
const EMPTY: Wish[] = []
const name = (slug: string): string => `wishes:${slug}`

function read(slug: string): Wish[] {
  const known = cache.get(slug)
  if (known) return known
  const stored = readDraft<Wish[]>(name(slug)) ?? EMPTY
  cache.set(slug, stored)
  return stored
}
export function setWishes(slug: string, wishes: Wish[]): void {
  cache.set(slug, wishes)
  writeDraft(name(slug), wishes)
  for (const listener of listeners) listener()
}
/** Forgets what is held in memory; the store of the tab is emptied by `clearDrafts`. */
export function forgetWishes(): void {
  cache.clear()
  // It may be said while a page is being drawn.
  queueMicrotask(() => { for (const listener of listeners) listener() })
}
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useWishes(slug: string) {
  const wishes = useSyncExternalStore(subscribe, () => read(slug))
  return {
    wishes,
    has: (id: string) => wishes.some((wish) => wish.id === id),
    toggle: (wish: Wish) => {
      const kept = wishes.filter((other) => other.id !== wish.id)
      setWishes(slug, kept.length === wishes.length ? [...wishes, wish] : kept)
    },
  }
}
