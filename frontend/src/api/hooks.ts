import { useRef, useState } from 'react'
import {
  QueryClient, useInfiniteQuery, useQuery, useQueryClient, type UseQueryResult,
} from '@tanstack/react-query'
import { ApiError, type ApiClient, type Query } from './client'
import type { Page } from './types'
import { useApi } from './context'

/** One cache for all pages; a refusal by the server is never repeated, a lost connection twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => error instanceof ApiError && (error.isOffline || (error.status >= 502 && error.code !== 'tenant.suspended')) && count < 2,
    },
  },
})

export const keyOf = (api: ApiClient, path: string, query?: Query): unknown[] => [api.base, path, query ?? {}]

/** What the server says of a thing itself: it is not there any more, or no longer for this person. */
const isFinal = (error: ApiError | null): boolean => error !== null && [403, 404, 410].includes(error.status)

/**
 * The error a page has to show. A state that is known stays in sight when only reading it again has failed: what somebody types over it must not be
 * replaced because of a lost connection.
 */
const shownError = (result: { data: unknown; error: ApiError | null }): ApiError | null =>
  result.data === undefined || isFinal(result.error) ? result.error : null

/** Reads one resource of the tenant; `path` begins with a slash, below the tenant. */
export function useGet<T>(path: string, query?: Query, options: { enabled?: boolean; staleTime?: number } = {}): UseQueryResult<T, ApiError> {
  const api = useApi()
  const result = useQuery<T, ApiError>({
    queryKey: keyOf(api, path, query),
    queryFn: ({ signal }) => api.get<T>(path, query, signal),
    ...options,
  })
  return { ...result, error: shownError(result) } as UseQueryResult<T, ApiError>
}

/** Reads a list by cursor. `pages` are what was loaded so far; show `items` and a "load more" button. */
export function useList<T, P extends Page<T> = Page<T>>(path: string, query?: Query, options: { enabled?: boolean } = {}) {
  const api = useApi()
  const result = useInfiniteQuery<P, ApiError, { pages: P[] }, unknown[], string | null>({
    queryKey: [...keyOf(api, path, query), 'list'],
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) => api.get<P>(path, { ...query, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.next_cursor,
    ...options,
  })
  const pages = result.data?.pages ?? []
  // That the next rows could not be loaded is told beside those that are there.
  const error = result.isFetchNextPageError ? result.error : shownError(result)
  /** All rows, not only those that were loaded; nothing of it is kept. */
  const all = async (): Promise<T[]> => {
    const rows: T[] = []
    for (let cursor: string | null = null; ;) {
      const page: P = await api.get<P>(path, { ...query, limit: 200, cursor })
      rows.push(...page.items)
      if (page.next_cursor === null) return rows
      cursor = page.next_cursor
    }
  }
  return { ...result, error, pages, items: pages.flatMap((page) => page.items), total: pages[0]?.total ?? null, all }
}

/** Marks everything read below these paths as old; call it after a change. */
export function useRefresh(): (...paths: string[]) => Promise<void> {
  const api = useApi()
  const client = useQueryClient()
  return async (...paths) => {
    await client.invalidateQueries({
      predicate: ({ queryKey }) => {
        const [base, path] = queryKey
        return base === api.base && typeof path === 'string' && paths.some((wanted) => path.startsWith(wanted))
      },
    })
  }
}

export const newKey = (): string => crypto.randomUUID()

/** A key that stays the same while a form is sent again after an error; `renew` it when the content becomes a new thing. */
export function useIdempotencyKey(): { key: () => string; renew: () => void } {
  const ref = useRef<string | null>(null)
  return {
    key: () => (ref.current ??= newKey()),
    renew: () => { ref.current = null },
  }
}

export type SendState<R> = { busy: boolean; error: ApiError | null; result: R | null }

/** Runs one change at a time and keeps its error for the page to show. Answers null when it failed. */
export function useSend<A extends unknown[], R>(action: (...args: A) => Promise<R>) {
  const [state, setState] = useState<SendState<R>>({ busy: false, error: null, result: null })
  const running = useRef(false)
  const run = async (...args: A): Promise<{ ok: true; value: R } | { ok: false; error: ApiError } | null> => {
    if (running.current) return null
    running.current = true
    setState((old) => ({ ...old, busy: true }))
    try {
      const value = await action(...args)
      setState({ busy: false, error: null, result: value })
      return { ok: true, value }
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      setState({ busy: false, error: cause, result: null })
      return { ok: false, error: cause }
    } finally {
      running.current = false
    }
  }
  return { ...state, run, clear: () => setState({ busy: false, error: null, result: null }) }
}
