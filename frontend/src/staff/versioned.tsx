import { useState, type JSX, type ReactNode } from 'react'
import { ApiError } from '../api/client'
import { useUnsaved } from '../lib/unsaved'
import { Conflict, useFieldErrors, type ConflictRow } from '../ui'

type Versioned<T> = { value: T; version: number }
type Options<T> = {
  start: Versioned<T>
  save: (value: T, version: number) => Promise<unknown>
  /** Reads the newest state again after somebody else's change. */
  newest: () => Promise<Versioned<T>>
  labels: Partial<Record<keyof T, ReactNode>>
  show?: (field: keyof T, value: T[keyof T]) => string
  onSaved: () => void | Promise<void>
}

const asText = (value: unknown): string =>
  value === null || value === undefined ? '' : Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** A form over something that several people edit: sends the version it saw and shows both states when that was too old. */
export function useVersioned<T extends object>({ start, save, newest, labels, show, onSaved }: Options<T>) {
  const [value, setValue] = useState<T>(start.value)
  const [kept, setKept] = useState<T>(start.value)
  const [version, setVersion] = useState(start.version)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [theirs, setTheirs] = useState<Versioned<T> | null>(null)
  const fieldErrors = useFieldErrors()
  useUnsaved(JSON.stringify(value) !== JSON.stringify(kept))
  const send = async (seen: number): Promise<boolean> => {
    setBusy(true)
    setProblem(null)
    try {
      await save(value, seen)
      setKept(value)
      setTheirs(null)
      await onSaved()
      return true
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      if (!cause.isStale) setProblem(cause)
      else {
        // Without their state there is nothing to compare: then the refusal itself is said.
        const now = await newest().catch(() => null)
        setTheirs(now)
        if (!now) setProblem(cause)
      }
      return false
    } finally {
      setBusy(false)
    }
  }
  const words = (field: keyof T, of: T) => (show ? show(field, of[field]) : asText(of[field]))
  const differences: ConflictRow[] = theirs
    ? (Object.keys(labels) as (keyof T)[]).flatMap((field) => {
      const [mine, other] = [words(field, value), words(field, theirs.value)]
      return mine === other ? [] : [{ id: String(field), label: labels[field], mine, theirs: other }]
    })
    : []
  const conflict: JSX.Element | null = theirs && (
    <Conflict
      rows={differences}
      busy={busy}
      onKeepMine={() => { setVersion(theirs.version); void send(theirs.version) }}
      onTakeTheirs={() => { setValue(theirs.value); setKept(theirs.value); setVersion(theirs.version); setTheirs(null) }}
    />
  )
  return {
    value,
    set: (patch: Partial<T>) => setValue((old) => ({ ...old, ...patch })),
    busy,
    problem,
    errors: fieldErrors(problem),
    submit: () => send(version),
    conflict,
  }
}
