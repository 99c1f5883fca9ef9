import { useTranslation } from 'react-i18next'
import type { StaffPreference } from '../../api/types'
import { awaitsAnswer, PREFERENCE_LOOK, useWords } from '../../lib/words'
import { Badge, Icon } from '../../ui'
import { Due, useFormat, type Col } from '../../staff'
import { useStaffState } from './words'

/** The columns of every list of preferences. */
export function usePreferenceColumns(): Col<StaffPreference>[] {
  const { t } = useTranslation('work')
  const words = useWords()
  const state = useStaffState()
  const format = useFormat()
  const yes = (value: boolean) => (value ? t('yes') : '')
  return [
    { id: 'child', header: t('col.child'), fixed: true, cell: (row) => <span className="kp-nowrap">{words.childLabel(row.child.label)}</span>, text: (row) => words.childLabel(row.child.label) },
    { id: 'reference', header: t('col.reference'), hidden: true, cell: (row) => <span className="kp-nowrap">{row.reference_code}</span>, text: (row) => row.reference_code },
    { id: 'state', header: t('col.state'), cell: (row) => <Badge {...PREFERENCE_LOOK[row.state]}>{state(row.state)}</Badge>, text: (row) => state(row.state) },
    { id: 'points', header: t('col.points'), numeric: true, sort: 'priority', cell: (row) => format.number(row.points), text: (row) => row.points },
    {
      id: 'age', header: t('col.age'), sort: 'age', text: (row) => format.age(row.child.age_months_at_start),
      cell: (row) => <span className="kp-nowrap">{format.age(row.child.age_months_at_start)}</span>,
    },
    { id: 'born', header: t('col.born'), hidden: true, cell: (row) => format.date(row.child.birth_date ?? row.child.expected_birth_date), text: (row) => row.child.birth_date ?? row.child.expected_birth_date },
    { id: 'band', header: t('col.band'), hidden: true, cell: (row) => words.ageBand(row.child.age_band), text: (row) => words.ageBand(row.child.age_band) },
    { id: 'start', header: t('col.start'), sort: 'start', cell: (row) => <span className="kp-num">{format.date(row.desired_start)}</span>, text: (row) => row.desired_start },
    {
      id: 'hours', header: t('col.hours'), text: (row) => row.window_from ? `${row.hours_per_week} (${format.window(row.window_from, row.window_to)})` : String(row.hours_per_week),
      cell: (row) => <span className="kp-nowrap">{t('hours', { count: row.hours_per_week })}{row.window_from && <span className="kp-under">{format.window(row.window_from, row.window_to)}</span>}</span>,
    },
    {
      id: 'signs', header: t('col.signs'), text: (row) => [row.legal_claim ? t('sign.claim') : '', row.sibling_here ? t('sign.sibling') : ''].filter(Boolean).join(', '),
      cell: (row) => (row.legal_claim || row.sibling_here) && (
        <span className="kp-signs">
          {row.legal_claim && <span className="kp-sign"><Icon name="document" size={16} />{t('sign.claim')}</span>}
          {row.sibling_here && <span className="kp-sign"><Icon name="people" size={16} />{t('sign.sibling')}</span>}
        </span>
      ),
    },
    { id: 'received', header: t('col.received'), sort: 'received', hidden: true, cell: (row) => <span className="kp-num">{format.date(row.received_at)}</span>, text: (row) => row.received_at.slice(0, 10) },
    { id: 'due', header: t('col.due'), sort: 'answer_due', cell: (row) => <Due on={awaitsAnswer(row.state) ? row.answer_due_on : null} />, text: (row) => (awaitsAnswer(row.state) ? row.answer_due_on : null) },
    { id: 'facility', header: t('col.facility'), hidden: true, cell: (row) => row.facility_name, text: (row) => row.facility_name },
    { id: 'claim', header: t('col.claimDue'), hidden: true, cell: (row) => (row.legal_due_on ? format.date(row.legal_due_on) : yes(row.legal_claim)), text: (row) => row.legal_due_on },
  ]
}
