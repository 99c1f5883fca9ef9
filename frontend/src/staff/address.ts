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
/** Sorting in the address as `sort` and `direction`. The second table of a page has its name before the column's, with a dot between. */
export function useSorting(fallback: Sorting, table?: string): { sort: Sorting; onSort: (by: string) => void } {
  const { values, set } = useAddress()
  const [first = '', second] = (values['sort'] ?? '').split('.')
  const by = second === undefined ? (table ? '' : first) : first === table ? second : ''
  const sort: Sorting = by ? { by, direction: values['direction'] === 'desc' ? 'desc' : 'asc' } : fallback
  const onSort = (by: string) =>
    set({ sort: table ? `${table}.${by}` : by, direction: sort.by === by && sort.direction === 'asc' ? 'desc' : 'asc' })
  return { sort, onSort }
}
