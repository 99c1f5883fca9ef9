import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'

/** What a list shows stands in the address, so that it can be reloaded, sent on and gone back to. */
export function useAddress() {
  const [params, setParams] = useSearchParams()
  const text = params.toString()
  const values = useMemo(() => Object.fromEntries(new URLSearchParams(text)), [text])
  const set = useCallback((patch: Record<string, string | null>, keepHistory = false) => {
    setParams((old) => {
      const next = new URLSearchParams(old)
      for (const [name, value] of Object.entries(patch)) {
        if (value === null || value === '') next.delete(name)
        else next.set(name, value)
      }
      return next
    }, { replace: !keepHistory, preventScrollReset: true })
  }, [setParams])
  const replaceAll = useCallback((next: Record<string, string>) => setParams(next, { replace: true }), [setParams])
  return { values, text, set, replaceAll, get: (name: string): string => values[name] ?? '' }
}

export type Sorting = { by: string; direction: 'asc' | 'desc' }
/** Sorting in the address as `sort` and `direction`. */
export function useSorting(fallback: Sorting): { sort: Sorting; onSort: (by: string) => void } {
  const { values, set } = useAddress()
  // A name with a dot is the order of another table of the page (see order.ts).
  const sort: Sorting = values['sort'] && !values['sort'].includes('.')
    ? { by: values['sort'], direction: values['direction'] === 'desc' ? 'desc' : 'asc' }
    : fallback
  const onSort = (by: string) =>
    set({ sort: by, direction: sort.by === by && sort.direction === 'asc' ? 'desc' : 'asc' })
  return { sort, onSort }
}
