import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeeCare, FeeRow } from '../../api/fee-types'
import { Table } from '../../ui'
import { CARES, hoursOf, useMoney } from './money'

type Line = { id: string; lone: boolean; child: number; income: number | null }

function lines(rows: FeeRow[]): Line[] {
  const all = new Map<string, Line>()
  for (const row of rows) {
    const id = `${row.lone_parent}-${row.child}-${row.income_up_to ?? 'x'}`
    all.set(id, { id, lone: row.lone_parent, child: row.child, income: row.income_up_to })
  }
  return [...all.values()]
}

function CareGrid({ care, rows }: { care: FeeCare; rows: FeeRow[] }): JSX.Element {
  const { t } = useTranslation('fees')
  const money = useMoney()
  const mine = rows.filter((row) => row.care === care)
  const byIncome = mine.some((row) => row.income_up_to !== null)
  const cell = (line: Line, hours: number) => mine.find((row) => row.hours_per_week === hours && row.lone_parent === line.lone && row.child === line.child && row.income_up_to === line.income)
  return (
    <Table
      cards
      caption={t('grid.caption', { care: money.care(care) })}
      rows={lines(mine)}
      rowKey={(line) => line.id}
      columns={[
        { id: 'family', header: t('grid.family'), rowHeader: true, cell: (line) => money.family(line.lone, line.child) },
        ...(byIncome ? [{ id: 'income', header: t('grid.income'), cell: (line: Line) => money.income(line.income) }] : []),
        ...hoursOf(rows, care).map((hours) => ({ id: String(hours), header: t('grid.hours', { count: hours }), numeric: true, cell: (line: Line) => { const found = cell(line, hours); return found ? <span className="kp-nowrap">{money.amount(found.cents)}</span> : '–' } })),
      ]}
    />
  )
}

/** A fee table as people read it: a table a kind of care, families down, hours across. */
export function FeeGrid({ rows }: { rows: FeeRow[] }): JSX.Element {
  return <div className="kp-stack">{CARES.filter((care) => rows.some((row) => row.care === care)).map((care) => <CareGrid key={care} care={care} rows={rows} />)}</div>
}
