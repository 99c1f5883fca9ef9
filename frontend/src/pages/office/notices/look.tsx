import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { NoticeKind, NoticeState } from '../../../api/notice-types'
import { Badge } from '../../../ui'

export const NOTICE_STATES: NoticeState[] = ['drafted', 'approved', 'issued', 'served', 'objected', 'decided', 'final']
export const NOTICE_KINDS: NoticeKind[] = ['refusal', 'assignment', 'voucher', 'fee', 'waiver', 'waiver_refusal', 'licence_grant', 'licence_refusal', 'licence_end']
const LOOK = {
  drafted: { tone: 'neutral', icon: 'edit' },
  approved: { tone: 'info', icon: 'check' },
  issued: { tone: 'info', icon: 'mail' },
  served: { tone: 'info', icon: 'clock' },
  final: { tone: 'success', icon: 'check-circle' },
  objected: { tone: 'warning', icon: 'warning' },
  decided: { tone: 'success', icon: 'check-circle' },
} as const

/** Where a notice stands, in words with a picture. */
export function NoticeBadge({ state }: { state: NoticeState }): JSX.Element {
  const { t } = useTranslation('notices')
  return <Badge {...LOOK[state]}>{t(`state.${state}`)}</Badge>
}
