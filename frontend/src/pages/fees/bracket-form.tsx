import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeeCare } from '../../api/fee-types'
import { Button, Select, TextField } from '../../ui'
import { amountAt, gridOf, laidOut, parse, print, withAmount, withBracket, withFamily, withIncome, withoutBracket, withoutFamily, type Cell, type Family } from './brackets'
import { CARES, toCents, toHours, useMoney } from './money'

const keyOf = (family: Family): string => `${family.lone ? 'lone' : 'both'}-${family.child}`
const FIRST: Family = { lone: false, child: 1 }

/** Steps of hours, taken over when they are numbers and the field is left. */
function Hours({ hours, onChange }: { hours: string[]; onChange: (next: string[]) => void }): JSX.Element {
  const { t } = useTranslation('brackets')
  const { t: fees } = useTranslation('fees')
  const [text, setText] = useState(hours.join(', '))
  const steps = toHours(text)
  return <TextField id="bracket-hours" label={t('hours')} hint={t('hoursHint')} value={text} onChange={setText} error={steps ? null : fees('form.noHours')} onBlur={() => { if (steps) onChange(steps.map(String)) }} />
}

function Amounts({ cells, care, family, onChange }: { cells: Cell[]; care: FeeCare; family: Family; onChange: (next: Cell[]) => void }): JSX.Element {
  const { t } = useTranslation('brackets')
  const { t: fees } = useTranslation('fees')
  const { hours, incomes } = gridOf(cells, care)
  const name = (income: string) => (income ? t('upTo', { amount: income }) : t('above'))
  return (
    <div className="kern-table-responsive kp-table" role="region" aria-label={t('caption')} tabIndex={0}>
      <table className="kern-table kern-table--small kp-brackets">
        <caption className="kern-sr-only">{t('caption')}</caption>
        <thead className="kern-table__head">
          <tr className="kern-table__row">
            <th scope="col" className="kern-table__header">{t('income')}</th>
            {hours.map((step) => <th key={step} scope="col" className="kern-table__header">{fees('grid.hours', { count: Number(step) })}</th>)}
            <th scope="col" className="kern-table__header">{t('remove')}</th>
          </tr>
        </thead>
        <tbody className="kern-table__body">
          {incomes.map((income, n) => (
            <tr key={n} className="kern-table__row">
              <th scope="row" className="kern-table__cell">
                {income === '' ? t('above') : <input className="kern-form-input__input" inputMode="numeric" aria-label={t('incomeOf', { n: n + 1 })} value={income} onChange={(event) => { const next = event.target.value.replace(/\D/g, ''); if (next && !incomes.includes(next)) onChange(withIncome(cells, care, income, next)) }} />}
              </th>
              {hours.map((step) => {
                const amount = amountAt(cells, care, family, income, step)
                return <td key={step} className="kern-table__cell"><input className="kern-form-input__input" inputMode="decimal" aria-label={t('amountOf', { income: name(income), hours: step })} aria-invalid={amount !== '' && toCents(amount) === null ? true : undefined} value={amount} onChange={(event) => onChange(withAmount(cells, care, family, income, step, event.target.value.replaceAll(';', '')))} /></td>
              })}
              <td className="kern-table__cell">{incomes.length > 1 && <Button small kind="tertiary" aria-label={t('removeOf', { income: name(income) })} onClick={() => onChange(withoutBracket(cells, care, income))}>{t('remove')}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A table row by row: for each kind of care and situation of a family the brackets of income down and the hours across. */
export function BracketForm({ text, onChange }: { text: string; onChange: (next: string) => void }): JSX.Element {
  const { t } = useTranslation('brackets')
  const money = useMoney()
  const cells = parse(text)
  const [care, setCare] = useState<FeeCare>('nursery')
  const grid = gridOf(cells, care)
  const [chosen, setChosen] = useState(keyOf(FIRST))
  const family = grid.families.find((one) => keyOf(one) === chosen) ?? grid.families[0]
  const put = (next: Cell[]) => onChange(print(next))
  const next = (lone: boolean): Family => ({ lone, child: Math.max(0, ...grid.families.filter((one) => one.lone === lone).map((one) => one.child)) + 1 })
  const add = (lone: boolean) => { const one = next(lone); put(withFamily(cells, care, one)); setChosen(keyOf(one)) }
  return (
    <div className="kp-stack kp-stack--small">
      <Select id="bracket-care" label={t('care')} value={care} onChange={setCare} options={CARES.map((value) => ({ value, label: money.care(value) }))} />
      {!family && <div className="kp-actions"><Button small kind="secondary" icon="add" onClick={() => put(laidOut(cells, care, { hours: ['20', '30', '40'], incomes: [''], families: [FIRST] }))}>{t('begin', { care: money.care(care) })}</Button></div>}
      {family && (
        <>
          <Hours key={`${care}-${grid.hours.join()}`} hours={grid.hours} onChange={(hours) => put(laidOut(cells, care, { ...grid, hours }))} />
          <Select id="bracket-family" label={t('family')} value={keyOf(family)} onChange={setChosen} options={grid.families.map((one) => ({ value: keyOf(one), label: money.family(one.lone, one.child) }))} />
          <Amounts cells={cells} care={care} family={family} onChange={put} />
          <div className="kp-actions">
            <Button small kind="secondary" icon="add" onClick={() => put(withBracket(cells, care))}>{t('addBracket')}</Button>
            <Button small kind="tertiary" icon="add" onClick={() => add(false)}>{t('addChild')}</Button>
            <Button small kind="tertiary" icon="add" onClick={() => add(true)}>{t('addLone')}</Button>
            {grid.families.length > 1 && <Button small kind="tertiary" onClick={() => put(withoutFamily(cells, care, family))}>{t('removeFamily')}</Button>}
          </div>
        </>
      )}
    </div>
  )
}
