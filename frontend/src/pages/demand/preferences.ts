import { useCallback, useEffect, useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { keyOf } from '../../api/hooks'
import type { Demand } from '../../api/types'
import { dropDraft, readDraft, writeDraft } from '../../lib/drafts'
import type { Saving } from '../../ui'
import { isOpen } from '../family/sentence'

export type Wished = { id: string; name: string }
const wishesOf = (demand: Demand): Wished[] =>
  [...demand.preferences].filter((preference) => demand.state === 'draft' || isOpen(preference)).sort((a, b) => a.rank - b.rank).map((preference) => ({ id: preference.facility_id, name: preference.facility_name }))

const sameOrder = (a: Wished[], b: Wished[]): boolean => a.length === b.length && a.every((wish, n) => wish.id === b[n]?.id)
/** Wishes that are not stored yet, and the version they were put in order over. */
type Waiting = { wishes: Wished[]; version: number }

/**
 * Stores the wishes of a demand in their order; shows them at once and puts them back when the server refuses. Without a connection they wait in the
 * tab, also when the page is left, and are sent when there is one again.
 */
export function usePreferences(demand: Demand) {
  const api = useApi()
  const client = useQueryClient()
  const draft = `wishes-of:${demand.id}`
  const [waiting, setWaiting] = useState<Waiting | null>(() => readDraft<Waiting>(draft))
  const [saving, setSaving] = useState<Saving>({ state: 'idle' })
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [conflict, setConflict] = useState<{ mine: Wished[]; theirs: Demand } | null>(null)
  const unsent = useRef<Waiting | null>(waiting)
  const running = useRef<Promise<boolean> | null>(null)
  const known = useRef(demand.version)
  if (demand.version > known.current) known.current = demand.version
  const path = `/demands/${demand.id}`
  const keep = useCallback((next: Waiting | null) => {
    unsent.current = next
    setWaiting(next)
    if (next) writeDraft(draft, next)
    else dropDraft(draft)
  }, [draft])
  const take = useCallback((next: Demand) => {
    known.current = Math.max(known.current, next.version)
    client.setQueryData(keyOf(api, path), next)
  }, [api, client, path])

  const sendAll = useCallback(async (): Promise<boolean> => {
    while (unsent.current) {
      const sent = unsent.current
      setProblem(null)
      setConflict(null)
      setSaving({ state: 'saving' })
      try {
        const next = await api.put<Demand>(`${path}/preferences`, { facility_ids: sent.wishes.map((wish) => wish.id) }, { version: sent.version })
        take(next)
        // What was put in another order meanwhile goes with the next round.
        const later: Waiting | null = unsent.current
        keep(later && !sameOrder(later.wishes, sent.wishes) ? { wishes: later.wishes, version: next.version } : null)
        setSaving({ state: 'saved', at: new Date() })
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause
        setSaving({ state: 'failed' })
        if (!cause.isStale) {
          setProblem(cause)
          // What the server refuses is put back; what it could not take waits.
          if (cause.status >= 400 && cause.status < 500 && ![401, 429].includes(cause.status)) keep(null)
          return false
        }
        const theirs = await api.get<Demand>(path).catch((lost: unknown) => { if (lost instanceof ApiError) return lost; throw lost })
        if (theirs instanceof ApiError) { setProblem(theirs); return false }
        const mine = unsent.current.wishes
        if (sameOrder(mine, wishesOf(theirs))) { take(theirs); keep(null); setSaving({ state: 'saved', at: new Date() }); return true }
        setConflict({ mine, theirs })
        return false
      }
    }
    return true
  }, [api, keep, path, take])
  const send = useCallback((): Promise<boolean> => {
    running.current ??= sendAll().finally(() => { running.current = null })
    return running.current
  }, [sendAll])

  useEffect(() => {
    const again = () => { if (unsent.current) void send() }
    again()
    window.addEventListener('online', again)
    return () => { window.removeEventListener('online', again); again() }
  }, [send])

  return {
    wishes: waiting?.wishes ?? wishesOf(demand),
    /** Whether the wishes that are shown are not stored yet. */
    waits: waiting !== null,
    saving,
    problem,
    conflict,
    store: (wishes: Wished[]) => {
      // Wishes that wait keep the version they were typed over, else somebody else's order would be overwritten unseen.
      keep({ wishes, version: unsent.current?.version ?? known.current })
      return send()
    },
    /** Sends what waits; true when nothing is left. */
    flush: async (): Promise<boolean> => (unsent.current ? send() : true),
    keepMine: () => { if (conflict) { keep({ wishes: conflict.mine, version: conflict.theirs.version }); void send() } },
    takeTheirs: () => {
      if (!conflict) return
      take(conflict.theirs)
      keep(null)
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
