import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { Forecast, ForecastMonth, ForecastScope } from '../../api/places-types'
import type { AgeBand, Items } from '../../api/types'
import { today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, Button, EmptyState, ErrorState, Page, Section, Select, Skeleton } from '../../ui'
import { saveText, toCsv, useAddress, useFormat } from '../../staff'
import { CapacityChart, CapacityLegend, CapacityTable, COLUMNS } from './capacity-chart'

const KINDS = ['district', 'provider', 'facility'] as const
const keyOf = (scope: ForecastScope): string => `${scope.kind}:${scope.id ?? scope.name}`

/** The query for a choice: "district:Mitte" → { district: 'Mitte' }; "" for all in reach. */
function queryOf(choice: string): Record<string, string> {
  const at = choice.indexOf(':')
  if (at < 0) return {}
  const [kind, value] = [choice.slice(0, at), choice.slice(at + 1)]
  return { [kind === 'district' ? 'district' : `${kind}_id`]: value }
}

function useCsv(name: string): (forecast: Forecast) => void {
  const { t } = useTranslation('places')
  const { t: work } = useTranslation('work')
  const words = useWords()
  return (forecast) => {
    const head = [t('forecast.band'), work('capacity.month'), ...COLUMNS.map((column) => work(`capacity.col.${column}`)), t('forecast.missing')]
    const rows = forecast.bands.flatMap((band) => band.months.map((month) => [
      words.ageBand(band.age_band), month.month.slice(0, 7), ...COLUMNS.map((column) => month[column]), month.missing,
    ]))
    saveText(`${t('forecast.file')}-${today()}.csv`, toCsv([[name], head, ...rows]))
  }
}

function Band({ band, months }: { band: AgeBand; months: ForecastMonth[] }): JSX.Element {
  const { t } = useTranslation('work')
  const { t: places } = useTranslation('places')
  const words = useWords()
  const format = useFormat()
  const [table, setTable] = useState(false)
  const short = months.find((month) => month.missing > 0)
  return (
    <Section title={words.ageBand(band)}>
      {short && <Alert tone="warning" title={places('forecast.short', { month: format.month(short.month), count: short.missing })}>{places('forecast.shortText')}</Alert>}
      <CapacityChart band={band} months={months} />
      <div className="kp-dense__acts"><Button small kind="tertiary" aria-expanded={table} onClick={() => setTable(!table)}>{table ? t('capacity.hideTable') : t('capacity.showTable')}</Button></div>
      {table && <CapacityTable band={band} months={months} />}
    </Section>
  )
}

/** Places and children of the next 24 months: all in reach, a planning area, a provider or a facility; chart, table and file. */
export function ForecastPage(): JSX.Element {
  const { t } = useTranslation('places')
  const { values, set } = useAddress()
  const choice = values['von'] ?? ''
  const scopes = useGet<Items<ForecastScope>>('/staff/forecast/scopes')
  const query = useGet<Forecast>('/staff/forecast', queryOf(choice))
  const items = scopes.data?.items ?? []
  const chosen = items.find((scope) => keyOf(scope) === choice)
  const name = chosen?.name ?? t('forecast.all')
  const save = useCsv(name)
  const options = [
    { value: '', label: t('forecast.all') },
    ...KINDS.flatMap((kind) => items.filter((scope) => scope.kind === kind).map((scope) => ({ value: keyOf(scope), label: `${t(`forecast.kind.${kind}`)}: ${scope.name}` }))),
  ]
  const forecast = query.data
  return (
    <Page title={t('forecast.title')} lead={t('forecast.lead')} width="full">
      <Select label={t('forecast.of')} value={choice} onChange={(von) => set({ von })} options={options} />
      {query.isPending && <Skeleton blocks={2} lines={5} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {forecast && (
        <>
          <div className="kp-row kp-row--between">
            <CapacityLegend />
            <Button small kind="secondary" icon="download" onClick={() => save(forecast)}>{t('forecast.csv')}</Button>
          </div>
          <p className="kern-body kp-small">
            {t('forecast.facilities', { count: forecast.facilities })}
            {forecast.unknown > 0 && ` ${t('forecast.unknown', { count: forecast.unknown })}`}
          </p>
          {forecast.bands.length === 0 && <EmptyState title={t('forecast.nothing')}>{t('forecast.nothingText')}</EmptyState>}
          {forecast.bands.map((band) => <Band key={`${choice}${band.age_band}`} band={band.age_band} months={band.months} />)}
        </>
      )}
    </Page>
  )
}
