import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import type { SummaryItem } from './feedback'

/** Words for a refusal: ours by its code, else the server's detail, else a general sentence. */
export function useProblemText(): (problem: ApiError) => string {
  const { t, i18n } = useTranslation()
  return useCallback((problem: ApiError) => {
    const key = `problem.code.${problem.code}`
    if (i18n.exists(key)) return String(i18n.t(key as never))
    if (problem.status >= 500) return t('problem.server')
    return problem.detail || t('problem.unknown')
  }, [t, i18n])
}

/** "/guardian/first_name" → "guardian.first_name" */
export const pointerToField = (pointer: string): string => pointer.replace(/^\//, '').replaceAll('/', '.')

/** The server's complaints by field, in words. */
export function useFieldErrors(): (problem: ApiError | null | undefined) => Record<string, string> {
  const { t, i18n } = useTranslation()
  return useCallback((problem) => {
    const found: Record<string, string> = {}
    for (const error of problem?.errors ?? []) {
      const key = `fieldError.${error.code}`
      found[pointerToField(error.pointer)] = i18n.exists(key) ? String(i18n.t(key as never)) : error.detail || t('fieldError.invalid')
    }
    return found
  }, [t, i18n])
}

/** The lines of an error summary: `ids` maps a field to the id of its input where they differ. */
export function summaryOf(errors: Record<string, string | undefined>, ids: Record<string, string> = {}): SummaryItem[] {
  return Object.entries(errors).flatMap(([field, message]) => (message ? [{ id: ids[field] ?? field, message }] : []))
}
