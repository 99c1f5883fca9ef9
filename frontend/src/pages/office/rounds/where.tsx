import { lazy, Suspense, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { CriterionGroup, FacilityGroup, Unserved } from '../../../api/round-types'
import { useFormat } from '../../../staff'
import { Skeleton } from '../../../ui'
import { CsvButton } from './csv-button'
import { byShortage, heat, shade, shortage } from './unserved'
import { useCriterionTitle } from '../../criteria/words'

const PlacesMap = lazy(() => import('./places-map'))
const MOST = 15

/** Children without a place: districts down, months across, the number in every cell. */
export function Heat({ rows }: { rows: Unserved[] }): JSX.Element {
  const { t, i18n } = useTranslation('rounds')
  const format = useFormat()
  const found = heat(rows)
  const month = (iso: string) => new Intl.DateTimeFormat(i18n.language, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${iso}T00:00:00Z`))
  const name = (district: string) => district || t('group.unknownDistrict')
  if (found.rows.length === 0) return <p className="kern-body">{t('heat.none')}</p>
  return (
    <>
      <p className="kern-body">{t('heat.text')}</p>
      <div className="kp-dense-box kp-scroll" role="region" tabIndex={0} aria-label={t('heat.title')}>
        <table className="kp-heat">
          <caption className="kern-sr-only">{t('heat.title')}</caption>
          <thead><tr><th scope="col">{t('heat.district')}</th>{found.months.map((iso) => <th key={iso} scope="col" className="is-numeric">{month(iso)}</th>)}<th scope="col" className="is-numeric">{t('heat.total')}</th></tr></thead>
          <tbody>
            {found.rows.map((row) => (
              <tr key={row.district}>
                <th scope="row">{name(row.district)}</th>
                {row.cells.map((cell) => (
                  <td key={cell.month} className={`is-numeric kp-heat__cell kp-heat__cell--${shade(cell.children, found.top)}`}>
                    {format.number(cell.children)}
                    {cell.claims > 0 && <span className="kp-heat__claims">{t('heat.claims', { count: cell.claims })}</span>}
                  </td>
                ))}
                <td className="is-numeric"><strong>{format.number(row.total)}</strong></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <CsvButton name="ohne-platz" what={t('heat.title')} rows={[[t('heat.district'), t('heat.month'), t('figure.unplaced'), t('heat.withClaim')], ...rows.map((row) => [name(row.district), row.month, row.children, row.claims])]} />
    </>
  )
}

/** Where first wishes outnumber the places: on the map, and as a table of the greatest shortages. */
export function Where({ groups }: { groups: FacilityGroup[] }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const sorted = byShortage(groups)
  // A town has many facilities that nobody in this round wished; they stand in the file.
  const wished = sorted.filter((group) => group.wishes > 0)
  const names = ['first_wishes', 'places', 'placed'] as const
  return (
    <>
      <p className="kern-body">{t('map.text')}</p>
      <Suspense fallback={<Skeleton lines={8} />}><PlacesMap groups={groups} /></Suspense>
      <h3 className="kern-heading-small">{t('map.shortage')}</h3>
      <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('map.shortage')}>
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{t('map.shortage')}</caption>
          <thead><tr><th scope="col">{t('map.facility')}</th>{names.map((name) => <th key={name} scope="col" className="is-numeric">{t(`group.${name}`)}</th>)}<th scope="col" className="is-numeric">{t('map.short')}</th></tr></thead>
          <tbody>
            {wished.slice(0, MOST).map((group) => (
              <tr key={group.facility_id}>
                <th scope="row">{group.name}</th>
                {names.map((name) => <td key={name} data-label={t(`group.${name}`)} className="is-numeric">{format.number(group[name])}</td>)}
                <td data-label={t('map.short')} className="is-numeric">{shortage(group) > 0 ? format.number(shortage(group)) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {wished.length > MOST && <p className="kp-small kp-muted">{t('map.more', { count: wished.length - MOST })}</p>}
      <CsvButton name="kitas" what={t('map.title')} rows={[[t('map.facility'), t('map.wishes'), ...names.map((name) => t(`group.${name}`))], ...sorted.map((group) => [group.name, group.wishes, ...names.map((name) => group[name])])]} />
    </>
  )
}

/** How children fare for whom a criterion counts. */
export function Criteria({ groups }: { groups: CriterionGroup[] }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const titleOf = useCriterionTitle()
  const title = (code: string) => (code ? titleOf(code) : t('criterionGroup.none'))
  const sorted = [...groups].sort((a, b) => Number(a.code === '') - Number(b.code === '') || b.children - a.children)
  const names = ['children', 'placed', 'first_wish'] as const
  return (
    <>
      <p className="kern-body">{t('criterionGroup.text')}</p>
      <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('criterionGroup.title')}>
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{t('criterionGroup.title')}</caption>
          <thead><tr><th scope="col">{t('case.criterion')}</th>{names.map((name) => <th key={name} scope="col" className="is-numeric">{t(`figure.${name}`)}</th>)}</tr></thead>
          <tbody>{sorted.map((group) => <tr key={group.code}><th scope="row">{title(group.code)}</th>{names.map((name) => <td key={name} data-label={t(`figure.${name}`)} className="is-numeric">{format.number(group[name])}</td>)}</tr>)}</tbody>
        </table>
      </div>
      <CsvButton name="kriterien" what={t('criterionGroup.title')} rows={[[t('case.criterion'), ...names.map((name) => t(`figure.${name}`))], ...sorted.map((group) => [title(group.code), ...names.map((name) => group[name])])]} />
    </>
  )
}
