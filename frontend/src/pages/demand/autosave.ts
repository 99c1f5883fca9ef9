import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { keyOf } from '../../api/hooks'
import type { Demand, DemandPatch } from '../../api/types'
import { dropDraft, readDraft, writeDraft } from '../../lib/drafts'
import type { Saving } from '../../ui'

const WAIT = 700
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const claimed = (facts: DemandPatch['facts']) => (facts ?? []).filter((fact) => fact.claimed).map((fact) => `${fact.criterion_id}:${fact.number ?? ''}`).sort()
const field = (source: Demand | DemandPatch, key: keyof DemandPatch): unknown =>
  key === 'facts' ? claimed(source.facts?.map(({ criterion_id, claimed: on, number }) => ({ criterion_id, claimed: on, number: number ?? null }))) : source[key]

/** The answers that both this page and somebody else have changed since `base`. */
export function clashes(patch: DemandPatch, base: Demand, theirs: Demand): (keyof DemandPatch)[] {
  return (Object.keys(patch) as (keyof DemandPatch)[]).filter(
    (key) => !same(field(base, key), field(theirs, key)) && !same(field(patch, key), field(theirs, key)))
}

export type Autosave = {
  /** The demand as the person sees it: stored answers with the typed ones on top. */
  current: Demand
  saving: Saving
  problem: ApiError | null
  conflict: { theirs: Demand; fields: (keyof DemandPatch)[]; mine: DemandPatch } | null
  change: (patch: DemandPatch) => void
  /** Saves what is waiting now; true when nothing is left unsaved. */
  flush: () => Promise<boolean>
  keepMine: () => void
  takeTheirs: () => void
}

function overlay(demand: Demand, patch: DemandPatch): Demand {
  const { facts, ...plain } = patch
  const merged = { ...demand, ...plain }
  if (!facts) return merged
  const known = new Map(demand.facts.map((fact) => [fact.criterion_id, fact.evidence_state]))
  return { ...merged, facts: facts.map((fact) => ({ ...fact, number: fact.number ?? null, evidence_state: known.get(fact.criterion_id) ?? null })) }
}

/**
 * Saves the answers of a demand by themselves, a moment after the last key. Unsaved answers wait in the tab through
 * lost connections and refusals; another person's change is taken in silently unless it touches the same answer.
 */
export function useAutosave(demand: Demand): Autosave {
  const api = useApi()
  const client = useQueryClient()
  const draft = `demand:${demand.id}`
  const [waiting, setWaiting] = useState<DemandPatch>(() => readDraft<DemandPatch>(draft) ?? {})
  const [saving, setSaving] = useState<Saving>({ state: 'idle' })
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [conflict, setConflict] = useState<Autosave['conflict']>(null)
  const pending = useRef<DemandPatch>(waiting)
  const stored = useRef(demand)
  const running = useRef<Promise<boolean> | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  if (demand.version > stored.current.version) stored.current = demand

  const keep = useCallback((patch: DemandPatch) => {
    pending.current = patch
    setWaiting(patch)
    if (Object.keys(patch).length > 0) writeDraft(draft, patch)
    else dropDraft(draft)
  }, [draft])
  const take = useCallback((next: Demand) => {
    stored.current = next
    client.setQueryData(keyOf(api, `/demands/${next.id}`), next)
  }, [api, client])

  const send = useCallback(async (): Promise<boolean> => {
    for (let attempt = 0; attempt < 3 && Object.keys(pending.current).length > 0; attempt += 1) {
      const patch = pending.current
      const base = stored.current
      setSaving({ state: 'saving' })
      try {
        take(await api.patch<Demand>(`/demands/${base.id}`, patch, { version: base.version }))
        // Only what was sent is done; what was typed meanwhile goes with the next round.
        const left = Object.fromEntries(Object.entries(pending.current).filter(([key, value]) => !same(value, patch[key as keyof DemandPatch])))
        keep(left)
        setProblem(null)
        setSaving({ state: 'saved', at: new Date() })
        if (Object.keys(left).length > 0) attempt = -1
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause
        if (!cause.isStale) { setProblem(cause); setSaving({ state: 'failed' }); return false }
        let theirs: Demand
        try {
          theirs = await api.get<Demand>(`/demands/${base.id}`)
        } catch (lost) {
          if (!(lost instanceof ApiError)) throw lost
          // Without their state nothing can be compared; the answers wait in the tab.
          setProblem(lost)
          setSaving({ state: 'failed' })
          return false
        }
        const fields = clashes(patch, base, theirs)
        if (fields.length > 0) { setConflict({ theirs, fields, mine: patch }); setSaving({ state: 'failed' }); return false }
        take(theirs)
      }
    }
    return Object.keys(pending.current).length === 0
  }, [api, keep, take])

  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current)
    running.current ??= send().finally(() => { running.current = null })
    return running.current
  }, [send])

  const change = useCallback((patch: DemandPatch) => {
    keep({ ...pending.current, ...patch })
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void flush(), WAIT)
  }, [flush, keep])

  useEffect(() => {
    const again = () => { if (Object.keys(pending.current).length > 0) void flush() }
    again()
    window.addEventListener('online', again)
    return () => { window.removeEventListener('online', again); again() }
  }, [flush])

  return {
    current: useMemo(() => overlay(demand, waiting), [demand, waiting]),
    saving,
    problem,
    conflict,
    change,
    flush,
    keepMine: () => { if (conflict) { take(conflict.theirs); setConflict(null); void flush() } },
    takeTheirs: () => {
      if (!conflict) return
      const rest = Object.fromEntries(Object.entries(pending.current).filter(([key]) => !conflict.fields.includes(key as keyof DemandPatch)))
      keep(rest)
      take(conflict.theirs)
      setConflict(null)
      setSaving({ state: 'idle' })
    },
  }
}
