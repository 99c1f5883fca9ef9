import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddress, type Sorting } from './address'

type Value = string | number | null
type Sortable<T> = { id: string; text?: (row: T) => Value }
type Loading = { hasNextPage?: boolean; isFetchingNextPage?: boolean; fetchNextPage?: () => unknown; error: unknown }

const isNothing = (value: Value): boolean => value === null || value === ''

/** Rows by what a column says: numbers as numbers, words as the language has them, and what says nothing last in both directions. */
export function inOrder<T>(rows: T[], text: (row: T) => Value, direction: 'asc' | 'desc', language: string): T[] {
  const words = new Intl.Collator(language, { numeric: true })
  const factor = direction === 'desc' ? -1 : 1
  return [...rows].sort((one, other) => {
    const [a, b] = [text(one), text(other)]
    if (isNothing(a) || isNothing(b)) return Number(isNothing(a)) - Number(isNothing(b))
    return factor * (typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b)))
  })
}

/**
 * The order of a table whose list the server does not sort: by any column, kept in the address. A part of a list cannot be sorted, so
 * the rest is loaded first. The table's name stands before the column's: a page may have two tables.
 */
export function useOwnOrder<T>(name: string, columns: Sortable<T>[], rows: T[], list: Loading, enabled: boolean) {
  const { i18n } = useTranslation()
  const { values, set } = useAddress()
  const [table, id] = (values['sort'] ?? '').split('.')
  const column = enabled && table === name ? columns.find((one) => one.id === id) : undefined
  const direction: Sorting['direction'] = values['direction'] === 'desc' ? 'desc' : 'asc'
  const text = column?.text
  const { hasNextPage, isFetchingNextPage, fetchNextPage, error } = list
  useEffect(() => {
    if (text && hasNextPage && !isFetchingNextPage && !error) void fetchNextPage?.()
  }, [text, hasNextPage, isFetchingNextPage, fetchNextPage, error])
  const order = (all: T[]): T[] => (text ? inOrder(all, text, direction, i18n.language) : all)
  const onSort = (by: string) => {
    if (by === '') set({ sort: null, direction: null })
    else if (by !== column?.id) set({ sort: `${name}.${by}`, direction: 'asc' })
    else if (direction === 'asc') set({ direction: 'desc' })
    else set({ sort: null, direction: null })
  }
  return { rows: order(rows), order, sorting: { sort: { by: column?.id ?? '', direction }, onSort }, waits: Boolean(text && hasNextPage && !error) }
}
