import type { JSX, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDate, today } from '../../lib/dates'
import { Select } from '../../ui'
import { useAddress } from '../../staff'

const current = (): number => Number(today().slice(0, 4))

/** The year of the key date, as the address says; otherwise this one. */
export function useYear(): string {
  return useAddress().values['year'] ?? String(current())
}

/** The year of the key date, kept in the address, and what is done for it. */
export function YearChoice({ children }: { children?: ReactNode }): JSX.Element {
  const { t, i18n } = useTranslation('statistics')
  const { set } = useAddress()
  const year = useYear()
  const years = [current() + 1, current(), current() - 1, current() - 2].map(String)
  return (
    <div className="kp-row kp-row--fields">
      <Select id="year" label={t('year')} value={year} onChange={(value) => set({ year: value })} options={years.map((value) => ({ value, label: value }))} />
      <span className="kern-body">{t('keyDate', { date: formatDate(`${year}-03-01`, i18n.language) })}</span>
      {children}
    </div>
  )
}
