import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeeCare, PublicFees } from '../../api/fee-types'
import { useGet } from '../../api/hooks'
import type { Items } from '../../api/types'
import { useTenant } from '../../app/tenant'
import { formatMonth } from '../../lib/dates'
import { Alert, Checkbox, EmptyState, ErrorState, Page, Section, Select, Skeleton } from '../../ui'
import { FeeGrid } from './grid'
import { CARES, findRow, hoursOf, incomesOf, useMoney } from './money'

/** What a place would cost this family: four questions, one amount. */
function Calculator({ fees }: { fees: PublicFees }): JSX.Element {
  const { t } = useTranslation('fees')
  const money = useMoney()
  const cares = CARES.filter((care) => fees.rows.some((row) => row.care === care))
  const [chosen, setCare] = useState<FeeCare>(cares[0] ?? 'nursery')
  const [hours, setHours] = useState('')
  const [child, setChild] = useState('1')
  const [income, setIncome] = useState('')
  const [lone, setLone] = useState(false)
  const steps = hoursOf(fees.rows, chosen)
  const wanted = steps.includes(Number(hours)) ? Number(hours) : steps[steps.length - 1] ?? 45
  const found = findRow(fees.rows, { care: chosen, hours: wanted, income: income ? Number(income) : null, lone, child: Number(child) })
  const incomes = incomesOf(fees.rows.filter((row) => row.care === chosen))
  return (
    <div className="kp-panel kp-stack kp-stack--small">
      <div className="kp-form__pair">
        <Select id="care" label={t('calc.care')} value={chosen} onChange={setCare} options={cares.map((value) => ({ value, label: money.care(value) }))} />
        <Select id="hours" label={t('calc.hours')} value={String(wanted)} onChange={setHours} options={steps.map((value) => ({ value: String(value), label: t('calc.hoursValue', { count: value, day: value / 5 }) }))} />
      </div>
      <div className="kp-form__pair">
        <Select id="child" label={t('calc.child')} hint={t('calc.childHint')} value={child} onChange={setChild} options={['1', '2', '3', '4'].map((value) => ({ value, label: t('child', { n: Number(value) }) }))} />
        {incomes.length > 0 && <Select id="income" label={t('calc.income')} value={income} empty={t('income.highest')} onChange={setIncome} options={incomes.map((value) => ({ value: String(value), label: money.income(value) }))} />}
      </div>
      <Checkbox id="lone" label={t('calc.lone')} checked={lone} onChange={setLone} />
      <p className="kern-heading-medium" role="status" data-fee>{found ? (found.cents === 0 ? t('calc.free') : t('calc.result', { amount: money.euros(found.cents) })) : t('calc.none')}</p>
      <p className="kp-small kp-muted">{t('calc.note')}</p>
    </div>
  )
}

/** What a place costs, for everybody: a calculator first, then the tables with their ground. */
export default function PublicFeesPage(): JSX.Element {
  const { t, i18n } = useTranslation('fees')
  const tenant = useTenant()
  const query = useGet<Items<PublicFees>>('/fees')
  const tables = query.data?.items ?? []
  const [now] = tables
  return (
    <Page title={t('public.title')} lead={t('public.lead')} width="wide">
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton blocks={2} lines={5} />}
      {query.isSuccess && !now && <EmptyState title={t('public.none')}>{t('public.noneText', { office: tenant.office_name })}</EmptyState>}
      {now && <Section title={t('calc.title')}><Calculator fees={now} /></Section>}
      {tables.map((fees) => (
        <Section key={fees.id} title={t('public.from', { name: fees.name, month: formatMonth(fees.valid_from, i18n.language) })}>
          <p className="kern-body">{t('public.ground', { ground: fees.legal_basis, day: fees.due_day })}{fees.valid_until && ` ${t('public.until', { month: formatMonth(fees.valid_until, i18n.language) })}`}</p>
          <FeeGrid rows={fees.rows} />
        </Section>
      ))}
      {now && <Alert tone="info" title={t('public.help')}><p className="kern-body">{t('public.helpText', { office: tenant.office_name })}</p></Alert>}
    </Page>
  )
}
