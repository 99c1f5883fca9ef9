import { useRef, useState } from 'react'
import { ApiError } from '../api/client'
import { summaryOf, useFieldErrors } from '../ui/problem'
import type { SummaryItem } from '../ui/feedback'
import { useUnsaved } from './unsaved'
import { dropDraft, readDraft, writeDraft } from './drafts'

const SECRET = /password|code/

export type FormErrors = Record<string, string>
export type Form<T> = {
  values: T
  set: <K extends keyof T>(key: K, value: T[K]) => void
  replace: (values: T) => void
  errors: FormErrors
  summary: SummaryItem[]
  problem: ApiError | null
  busy: boolean
  /** Runs `action` when `check` finds nothing wrong. Resolves to true when it went through. */
  submit: (check: (values: T) => FormErrors, action: (values: T) => Promise<unknown>) => Promise<boolean>
}

/**
 * The state of a form: what was typed outlives every refusal. With `draft` it also outlives leaving the page,
 * within this tab; never name a draft for a form that holds a password. `ids` names the input of a field where its
 * id differs from the name the server uses.
 */
export function useForm<T extends object>(initial: T, draft?: string, ids: Record<string, string> = {}): Form<T> {
  const [values, setValues] = useState<T>(() => ({ ...initial, ...(draft ? readDraft<Partial<T>>(draft) : null) }))
  const [kept, setKept] = useState<T>(initial)
  const [local, setLocal] = useState<FormErrors>({})
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const translate = useFieldErrors()
  // A draft keeps what was typed; a password half typed is nothing that somebody would miss.
  useUnsaved(!draft && !Object.keys(initial).some((name) => SECRET.test(name)) && JSON.stringify(values) !== JSON.stringify(kept))
  const replace = (next: T) => {
    setValues(next)
    if (draft) writeDraft(draft, next)
  }
  const errors = { ...translate(problem), ...local }
  return {
    values,
    set: (key, value) => replace({ ...values, [key]: value }),
    replace,
    errors,
    summary: summaryOf(errors, ids),
    problem,
    busy,
    submit: async (check, action) => {
      if (running.current) return false
      const found = check(values)
      setLocal(found)
      setProblem(null)
      if (Object.keys(found).length > 0) return false
      running.current = true
      setBusy(true)
      try {
        await action(values)
        setKept(values)
        if (draft) dropDraft(draft)
        return true
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause
        setProblem(cause)
        return false
      } finally {
        running.current = false
        setBusy(false)
      }
    },
  }
}

export const looksLikeEmail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim())
