import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import type { RefuseReason, StaffPreference } from '../../api/types'
import { useWords } from '../../lib/words'
import type { Undo } from '../../staff'
import { can, takeAll, type BulkResult, type Step } from './steps'

export type BulkStep = 'review' | 'invite' | 'waitlist' | 'refuse'

/** One step for all the chosen rows that allow it, and the way back for those on which it was taken. */
export function useBulk(rows: StaffPreference[], offerUndo: (message: string, undo?: Undo) => void, after: () => Promise<void>) {
  const { t } = useTranslation('work')
  const api = useApi()
  const [busy, setBusy] = useState<Step | null>(null)
  const [failed, setFailed] = useState<string[]>([])
  const words = useWords()
  const told = async (result: BulkResult) => {
    setFailed(result.failed.map(({ row }) => words.childLabel(row.child.label)))
    await after()
  }
  const run = async (step: BulkStep, body: { reason?: RefuseReason; note?: string | null } = {}) => {
    const able = rows.filter((row) => can(step, row.state))
    setBusy(step)
    const { done, failed: left } = await takeAll(api, able, step, body)
    setBusy(null)
    await told({ done, failed: left })
    if (done.length === 0) return
    offerUndo(t(`bulk.done.${step}`, { count: done.length }), async () => {
      const back = await takeAll(api, done, 'reopen')
      await told(back)
      return back.failed.length > 0 ? t('bulk.stays', { count: back.failed.length, of: done.length }) : undefined
    })
  }
  return { busy, failed, run }
}
