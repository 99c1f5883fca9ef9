import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import type { SummaryItem } from './feedback'

/** The sentences for refusals come when a form is there; until then, and when they cannot be fetched, a general one stands in. */
const useSentences = (): boolean => useTranslation('problems', { useSuspense: false }).ready

/** Words for what is wrong with one field. The server's own are English and for programmers; `tests/house` sees to it that every code has ours. */
function useFieldText(): (code: string) => string {
  const { t, i18n } = useTranslation()
  const ready = useSentences()
  return useCallback((code: string) => {
    const key = `problems:field.${code}`
    return ready && i18n.exists(key) ? String(i18n.t(key as never)) : t('form.wrong')
  }, [t, i18n, ready])
}

/** Words for a refusal: ours by its code, else what is wrong with its fields, else a general sentence. */
export function useProblemText(): (problem: ApiError) => string {
  const { t, i18n } = useTranslation()
  const ready = useSentences()
  const fieldText = useFieldText()
  return useCallback((problem: ApiError) => {
    if (problem.isOffline) return t('problem.network')
    const key = `problems:code.${problem.code}`
    if (ready && i18n.exists(key)) return String(i18n.t(key as never))
    if (problem.status >= 500) return t('problem.server')
    return [...new Set(problem.errors.map((error) => fieldText(error.code)))].join(' ') || t('problem.unknown')
  }, [t, i18n, ready, fieldText])
}

/** "/guardian/first_name" → "guardian.first_name" */
const pointerToField = (pointer: string): string => pointer.replace(/^\//, '').replaceAll('/', '.')

/** The server's complaints by field, in words. */
export function useFieldErrors(): (problem: ApiError | null | undefined) => Record<string, string> {
  const fieldText = useFieldText()
  return useCallback((problem) => Object.fromEntries((problem?.errors ?? []).map((error) => [pointerToField(error.pointer), fieldText(error.code)])), [fieldText])
}

/** The lines of an error summary: `ids` maps a field to the id of its input where they differ. */
export function summaryOf(errors: Record<string, string | undefined>, ids: Record<string, string> = {}): SummaryItem[] {
  return Object.entries(errors).flatMap(([field, message]) => (message ? [{ id: ids[field] ?? field, message }] : []))
}
