import { useEffect, useState, type JSX, type ReactNode } from 'react'
import { ApiError } from '../api/client'
import { Conflict } from '../ui/conflict'
import { summaryOf, useFieldErrors } from '../ui/problem'
import type { ConflictRow } from '../ui/conflict'
import type { SummaryItem } from '../ui/feedback'
import { dropDraft, readDraft, writeDraft } from './drafts'
import { arrival, isNewer, same, type Version } from './arrival'
import { useUnsaved } from './unsaved'

type Versioned<T, V> = { value: T; version: V }
type Options<T, V> = {
  /** What is stored now. It may change while somebody types: then it is taken over, or shown as a conflict. */
  start: Versioned<T, V>
  save: (value: T, version: V) => Promise<unknown>
  /** Reads the newest state again after somebody else's change. */
  newest: () => Promise<Versioned<T, V>>
  /** Every field that two people can differ in; what is missing here is missing in the comparison. */
  labels: Partial<Record<keyof T, ReactNode>>
  /** A field in words; `other` is what stands on the other side of the comparison. */
  show?: (field: keyof T, value: T[keyof T], other: T[keyof T]) => ReactNode
  onSaved: () => void | Promise<void>
  /** Keeps what was typed in this tab under this name, with the state it was typed over. */
  draft?: string
  /** The input of a field where its id differs from the name the server uses. */
  ids?: Record<string, string>
}
type Errors = Record<string, string>
type Draft<T, V> = { value: T; kept: T; version: V }

const asText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
const isDraft = <T, V>(draft: Partial<Draft<T, V>> | null): draft is Draft<T, V> => draft?.value !== undefined && draft.kept !== undefined && draft.version !== undefined

/**
 * A form over something that several people edit: sends the version that its values were taken from, never a newer one, and shows both states when
 * that was too old.
 */
export function useVersioned<T extends object, V extends Version = number>({ start, save, newest, labels, show, onSaved, draft, ids = {} }: Options<T, V>) {
  const [first] = useState<Draft<T, V>>(() => {
    const stored = draft ? readDraft<Partial<Draft<T, V>>>(draft) : null
    return isDraft(stored) ? stored : { value: start.value, kept: start.value, version: start.version }
  })
  const [value, setValue] = useState<T>(first.value)
  const [kept, setKept] = useState<T>(first.kept)
  const [version, setVersion] = useState<V>(first.version)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [local, setLocal] = useState<Errors>({})
  const [theirs, setTheirs] = useState<Versioned<T, V> | null>(null)
  const fieldErrors = useFieldErrors()
  const unsaved = JSON.stringify(value) !== JSON.stringify(kept)
  useUnsaved(unsaved && !draft)
  useEffect(() => {
    if (!draft) return
    if (unsaved) writeDraft(draft, { value, kept, version } satisfies Draft<T, V>)
    else dropDraft(draft)
  }, [draft, unsaved, value, kept, version])

  const adopt = (now: Versioned<T, V>) => { setKept(now.value); setVersion(now.version); setTheirs(null) }
  const takeOver = (now: Versioned<T, V>) => { setValue(now.value); adopt(now) }
  const stamp = JSON.stringify(start.version)
  useEffect(() => {
    if (!isNewer(start.version, version)) return
    const how = arrival(kept, value, start.value)
    if (how === 'take') takeOver(start)
    else if (how === 'adopt') adopt(start)
    else setTheirs(start)
    // Only somebody's new version is news; what is typed is compared with it as it stands then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stamp])

  const send = async (seen: V): Promise<boolean> => {
    setBusy(true)
    setProblem(null)
    const done = async (): Promise<true> => {
      setKept(value)
      setTheirs(null)
      if (draft) dropDraft(draft)
      await onSaved()
      return true
    }
    try {
      await save(value, seen)
      return await done()
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      if (!cause.isStale) { setProblem(cause); return false }
      // Without their state there is nothing to compare: then the refusal itself is said.
      const now = await newest().catch(() => null)
      if (!now) { setProblem(cause); return false }
      if (same(now.value, value)) {
        // Both wanted the same, and it is stored.
        setVersion(now.version)
        return await done()
      }
      setTheirs(now)
      return false
    } finally {
      setBusy(false)
    }
  }
  const words = (field: keyof T, of: T, other: T): ReactNode => (show ? show(field, of[field], other[field]) : asText(of[field]))
  const differences: ConflictRow[] = theirs
    ? (Object.keys(labels) as (keyof T)[]).flatMap((field) =>
      same(value[field], theirs.value[field]) ? [] : [{ id: String(field), label: labels[field], mine: words(field, value, theirs.value), theirs: words(field, theirs.value, value) }])
    : []
  const conflict: JSX.Element | null = theirs && (
    <Conflict
      rows={differences}
      busy={busy}
      onKeepMine={() => { setVersion(theirs.version); setKept(theirs.value); void send(theirs.version) }}
      onTakeTheirs={() => takeOver(theirs)}
    />
  )
  const errors: Errors = { ...fieldErrors(problem), ...local }
  return {
    value,
    set: (patch: Partial<T>) => setValue((old) => ({ ...old, ...patch })),
    busy,
    problem,
    unsaved,
    errors,
    summary: summaryOf(errors, ids) as SummaryItem[],
    /** Sends when `check` finds nothing wrong. Resolves to true when it is stored. */
    submit: async (check?: (value: T) => Errors): Promise<boolean> => {
      const found = check?.(value) ?? {}
      setLocal(found)
      if (Object.keys(found).length > 0) { setProblem(null); return false }
      return send(version)
    },
    conflict,
  }
}
