import { useTranslation } from 'react-i18next'
import type { Basis, CareGroup, Closure, Contingent, Permit, StaffHours, Validity } from '../../api/places-types'
import { useWords } from '../../lib/words'
import { useFormat } from '../../staff'

/** What a facility's places rest on in words, a line for each row: so that two versions of it can be compared. */
export function useBasisLines(): (field: keyof Basis, rows: NonNullable<Basis[keyof Basis]>) => string[] {
  const { t } = useTranslation('places')
  const words = useWords()
  const format = useFormat()
  const said = (...parts: (string | null | undefined | false)[]) => parts.filter(Boolean).join(', ')
  const validity = ({ valid_from: from, valid_to: to }: Validity) => said(from && `${t('basis.from')} ${format.date(from)}`, to && `${t('basis.to')} ${format.date(to)}`)
  const count = (label: string, n: number) => `${label}: ${n}`
  const staff = (row: StaffHours) => said(count(t('basis.hours'), row.weekly_minutes / 60), validity(row))
  const closure = (row: Closure) => said(row.reason, validity(row))
  const permit = (row: Permit) => said(row.reference, validity(row), ...row.places.map((line) => `${words.careType(line.care_type)}, ${count(words.ageBand(line.age_band), line.places)}`))
  const contingent = (row: Contingent) => said(count(words.ageBand(row.age_band), row.places), row.purpose, validity(row))
  const group = (row: CareGroup) => said(
    row.name, count(t('basis.ageFrom'), row.age_from_months), count(t('basis.ageTo'), row.age_to_months),
    count(t('basis.under3'), row.under3), count(t('basis.over3'), row.over3), count(t('basis.schoolAge'), row.school_age),
    (row.opens_at || row.closes_at) && format.window(row.opens_at, row.closes_at), validity(row), ...row.staff.map(staff), ...row.closures.map(closure),
  )
  return (field, rows) => {
    if (typeof rows === 'string') return [rows]
    switch (field) {
      case 'permits': return (rows as Permit[]).map(permit)
      case 'groups': return (rows as CareGroup[]).map(group)
      case 'staff': return (rows as StaffHours[]).map(staff)
      case 'closures': return (rows as Closure[]).map(closure)
      default: return (rows as Contingent[]).map(contingent)
    }
  }
}
