import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui'
import { saveText, toCsv } from '../../../staff'

type Cell = string | number | null
/** Saves what a picture shows as a file for a spreadsheet; cells that look like formulas are made harmless. */
export function CsvButton({ name, what, rows }: { name: string; what: string; rows: Cell[][] }): JSX.Element {
  const { t } = useTranslation('rounds')
  return (
    <div className="kp-actions">
      <Button small kind="tertiary" icon="download" aria-label={t('picture.csvOf', { what })} onClick={() => saveText(`${name}.csv`, toCsv(rows))}>{t('picture.csv')}</Button>
    </div>
  )
}
