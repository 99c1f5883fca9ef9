import { useCallback, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { keyOf } from '../../api/hooks'
import type { Demand } from '../../api/types'
import type { Saving } from '../../ui'
import { isOpen } from '../family/sentence'

export type Wished = { id: string; name: string }
export const wishesOf = (demand: Demand): Wished[] =>
  [...demand.preferences].filter((preference) => demand.state === 'draft' || isOpen(preference)).sort((a, b) => a.rank - b.rank).map((preference) => ({ id: preference.facility_id, name: preference.facility_name }))

/** Stores the wishes of a demand in their order; shows them at once and puts them back when the server refuses. */
export function usePreferences(demand: Demand) {
  const api = useApi()
  const client = useQueryClient()
  const [shown, setShown] = useState<Wished[] | null>(null)
  const [saving, setSaving] = useState<Saving>({ state: 'idle' })
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [conflict, setConflict] = useState<{ mine: Wished[]; theirs: Demand } | null>(null)
  const path = `/demands/${demand.id}`
  const store = useCallback(async (wishes: Wished[], version: number): Promise<boolean> => {
    setShown(wishes)
    setProblem(null)
    setConflict(null)
    setSaving({ state: 'saving' })
    try {
      const next = await api.put<Demand>(`${path}/preferences`, { facility_ids: wishes.map((wish) => wish.id) }, { version })
      client.setQueryData(keyOf(api, path), next)
      setShown(null)
      setSaving({ state: 'saved', at: new Date() })
      return true
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      setSaving({ state: 'failed' })
      if (cause.isStale) setConflict({ mine: wishes, theirs: await api.get<Demand>(path) })
      else { setProblem(cause); if (!cause.isOffline) setShown(null) }
      return false
    }
  }, [api, client, path])
  return {
    wishes: shown ?? wishesOf(demand),
    saving,
    problem,
    conflict,
    store: (wishes: Wished[]) => store(wishes, demand.version),
    keepMine: () => { if (conflict) void store(conflict.mine, conflict.theirs.version) },
    takeTheirs: () => {
      if (!conflict) return
      client.setQueryData(keyOf(api, path), conflict.theirs)
      setShown(null)
      setConflict(null)
      setSaving({ state: 'idle' })
    },
  }
}

/** The list with one entry at another place. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  const next = [...list]
  const [item] = next.splice(from, 1)
  if (item === undefined) return list
  next.splice(Math.max(0, Math.min(to, next.length)), 0, item)
  return next
}
