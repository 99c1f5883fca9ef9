import type { JSX, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeptSeats as Kept, Round, RoundChances, RoundFigures, RoundGroup, RoundReport, Run, WishChance } from '../../../api/round-types'
import type { AgeBand } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { useWords } from '../../../lib/words'
import { Alert, Icon, Link, Section } from '../../../ui'
import { useFormat } from '../../../staff'
import { CsvButton } from './csv-button'
import { percent } from './flow'
import { Flow, Histogram } from './pictures'
import { Criteria, Heat, Where } from './where'
import { FlagBadge, FLAGS } from './words'

type Props = { round: Round; report: RoundReport; run: Run; chances: RoundChances | null; byWish: WishChance[] }

/** What a person must look at comes before all figures. */
function Conflicts({ round, report }: Pick<Props, 'round' | 'report'>): JSX.Element {
  const { t } = useTranslation('rounds')
  const to = useTo()
  const format = useFormat()
  const words = useWords()
  const found = FLAGS.map((flag) => [flag, report.flags[flag] ?? 0] as const).filter(([, count]) => count > 0)
  if (found.length === 0) return <Alert tone="success" title={t('report.noConflicts')} />
  const claims = Object.entries(report.unserved_claims).filter(([, count]) => count > 0) as [AgeBand, number][]
  return (
    <>
      <ul className="kp-flags">
        {found.map(([flag, count]) => (
          <li key={flag}>
            <span className="kp-flags__count kp-num">{format.number(count)}</span>
            <span className="kp-flags__text">
              <FlagBadge flag={flag} />
              <span className="kern-body">{t(`flag.${flag}.text`)}{flag === 'claim_unserved' && claims.length > 0 && ` (${claims.map(([band, n]) => `${words.ageBand(band)}: ${format.number(n)}`).join(', ')})`}</span>
            </span>
            <Link to={to(`/amt/vergabe/${round.id}/faelle?flag=${flag}`)} aria-label={t('report.showCases', { what: t(`flag.${flag}.name`) })}>{t('report.show')}</Link>
          </li>
        ))}
      </ul>
      <p className="kp-small kp-muted">{t('report.several')}</p>
    </>
  )
}

/** What must hold in every run, as ticks with words. */
function Invariants({ report }: { report: RoundReport }): JSX.Element {
  const { t, i18n } = useTranslation('rounds')
  const text = (name: string) => (i18n.exists(`rounds:invariant.${name}`) ? t(`invariant.${name as 'verified'}`) : name)
  return (
    <ul className="kp-ticks">
      {report.invariants.map((one) => (
        <li key={one.name}>
          <span className={`kp-tone-${one.holds ? 'success' : 'danger'}`}><Icon name={one.holds ? 'check-circle' : 'danger'} size={22} /></span>
          <span><strong>{one.holds ? t('report.holds') : t('report.broken')}</strong> {text(one.name)}</span>
        </li>
      ))}
    </ul>
  )
}

function FigureList({ report }: { report: RoundReport }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const f = report.figures
  const share = (part: number) => t('report.share', { percent: percent(part, f.children) })
  const items: [string, number, ReactNode][] = [
    ['children', f.children, t('figure.childrenText')],
    ['placed', f.placed, <>{share(f.placed)} {t('figure.placedText')}</>],
    ['unplaced', f.unplaced, t('figure.unplacedText')],
    ...(f.keeping > 0 ? [['keeping', f.keeping, t('figure.keepingText')] as [string, number, ReactNode]] : []),
    ['first_wish', f.first_wish, <>{share(f.first_wish)} {t('figure.first_wishText')}</>],
    ['justified_envy', f.justified_envy, t('figure.justified_envyText')],
    ['passed_over', report.flags['passed_over'] ?? 0, t('figure.passed_overText')],
    ['wasted_seats', f.wasted_seats, t('figure.wasted_seatsText')],
    ['exceptions', f.exceptions, t('figure.exceptionsText')],
    ['lottery', report.lottery_decided, <>{share(report.lottery_decided)} {t('figure.lotteryText')}</>],
    ['together', report.siblings.together, t('figure.togetherText', { families: report.siblings.families, split: report.siblings.split })],
  ]
  return (
    <dl className="kp-explained">
      {items.map(([id, value, text]) => (
        <div key={id} className="kp-explained__item">
          <dt>{t(`figure.${id as 'children'}`)}</dt>
          <dd className="kp-explained__value">{format.number(value)}</dd>
          <dd className="kp-small">{text}</dd>
        </div>
      ))}
    </dl>
  )
}

const COMPARED = ['children', 'placed', 'unplaced', 'first_wish', 'justified_envy', 'wasted_seats'] as const
/** This run, the same demands by the habit of "first wishes first", and the round before, side by side. */
function Comparison({ report }: { report: RoundReport }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const before = report.against_round
  const columns: { id: string; name: string; figures: RoundFigures }[] = [
    { id: 'run', name: t('compare.run'), figures: report.figures },
    { id: 'first', name: t('compare.first'), figures: report.first_preference_first },
    ...(before ? [{ id: 'before', name: before.name, figures: before.figures }] : []),
  ]
  const change = report.against_run
  return (
    <>
      <p className="kern-body">{t('compare.text')}</p>
      <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('compare.title')}>
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{t('compare.title')}</caption>
          <thead><tr><th scope="col">{t('compare.figure')}</th>{columns.map((one) => <th key={one.id} scope="col" className="is-numeric">{one.name}</th>)}</tr></thead>
          <tbody>
            {COMPARED.map((name) => (
              <tr key={name}>
                <th scope="row">{t(`figure.${name}`)}</th>
                {columns.map((one) => <td key={one.id} data-label={one.name} className="is-numeric">{one.id === 'first' && name === 'wasted_seats' ? '–' : format.number(one.figures[name])}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {report.against_steps && <p className="kern-body">{t('compare.steps', { number: report.against_steps.number, better: report.against_steps.better, worse: report.against_steps.worse + report.against_steps.lost, gained: report.against_steps.gained, same: report.against_steps.same })}</p>}
      {change && <p className="kern-body">{t('compare.change', { number: change.number, gained: change.gained, lost: change.lost, better: change.better, worse: change.worse, same: change.same })}</p>}
    </>
  )
}

function Groups({ groups, title, unknown, file }: { groups: RoundGroup[]; title: string; unknown: string; file: string }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const top = Math.max(1, ...groups.flatMap((group) => [group.places, group.first_wishes]))
  const all = ['first_wishes', 'places', 'placed', 'deviations', 'by_hand'] as const
  // Only where facilities order by hand.
  const names = all.filter((name) => name !== 'by_hand' || groups.some((group) => group.by_hand > 0))
  // A town has many facilities that nobody in this round wished; they come last.
  const sorted = [...groups].sort((a, b) => b.first_wishes - a.first_wishes || b.placed - a.placed || a.name.localeCompare(b.name))
  return (
    <>
      <div className="kp-dense-box" role="region" tabIndex={0} aria-label={title}>
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{title}</caption>
          <thead><tr><th scope="col">{title}</th>{names.map((name) => <th key={name} scope="col" className="is-numeric">{t(`group.${name}`)}</th>)}</tr></thead>
          <tbody>
            {sorted.map((group) => (
              <tr key={group.name}>
                <th scope="row">
                  {group.name || unknown}
                  <svg className="kp-pairbar" viewBox="0 0 100 7" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <rect className="kp-pic-rest" x="0" y="0" width={(group.first_wishes / top) * 100} height="3" /><rect className="kp-pic-placed" x="0" y="4" width={(group.places / top) * 100} height="3" />
                  </svg>
                </th>
                {names.map((name) => <td key={name} data-label={t(`group.${name}`)} className="is-numeric">{format.number(group[name])}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <CsvButton name={file} what={title} rows={[[title, ...names.map((name) => t(`group.${name}`))], ...sorted.map((group) => [group.name || unknown, ...names.map((name) => group[name])])]} />
    </>
  )
}

const KEPT = ['seats', 'filled', 'facilities', 'below'] as const
/** Kept seats, and where too few of the children for whom they are kept wish them. */
function KeptSeats({ kept }: { kept: Kept[] }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  return (
    <>
      <p className="kern-body">{t('kept.text')}</p>
      <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('kept.title')}>
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{t('kept.title')}</caption>
          <thead><tr><th scope="col">{t('kept.kind')}</th>{KEPT.map((name) => <th key={name} scope="col" className="is-numeric">{t(`kept.${name}`)}</th>)}</tr></thead>
          <tbody>
            {kept.map((row) => (
              <tr key={row.kind}>
                <th scope="row">{t(`kept.kinds.${row.kind as 'hardship'}`)}</th>
                {KEPT.map((name) => <td key={name} data-label={t(`kept.${name}`)} className="is-numeric">{format.number(row[name])}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** Whose place hangs on the draw, once it was counted. */
function ChanceText({ chances, byWish }: Pick<Props, 'chances' | 'byWish'>): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  if (!chances) return <p className="kern-body" role="status">{t('chance.counting')}</p>
  return (
    <>
      <p className="kern-body">{t('chance.text', { draws: format.number(chances.draws) })}</p>
      <dl className="kp-explained">
        {(['always', 'sometimes', 'never'] as const).map((name) => (
          <div key={name} className="kp-explained__item"><dt>{t(`chance.${name}`)}</dt><dd className="kp-explained__value">{format.number(chances[name])}</dd></div>
        ))}
      </dl>
      {byWish.length > 0 && (
        <>
          <p className="kern-body">{t('chance.byWish')}</p>
          <dl className="kp-explained">
            {byWish.map(({ wish, children, met_per_mille }) => (
              <div key={wish} className="kp-explained__item"><dt>{t('picture.wish', { rank: wish })}</dt><dd className="kp-explained__value">{t('chance.percent', { percent: format.number(Math.round(met_per_mille / 10)) })} <span className="kp-small kp-muted">{t('chance.of', { count: children, number: format.number(children) })}</span></dd></div>
            ))}
          </dl>
        </>
      )}
    </>
  )
}

/** The report of the standing run: conflicts first, then what holds, the figures, the pictures and the comparisons. */
export function Report({ round, report, run, chances, byWish }: Props): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  return (
    <>
      <Section title={t('report.conflicts')}><Conflicts round={round} report={report} /></Section>
      <Section title={t('report.title', { kind: t(`runKind.${run.kind}`), number: run.number })}>
        <p className="kern-body">{t(`report.about.${run.kind}`, { time: format.dateTime(run.verified_at) })}</p>
        <FigureList report={report} />
      </Section>
      <Section title={t('report.invariants')}><p className="kern-body">{t('report.invariantsText')}</p><Invariants report={report} /></Section>
      <Section title={t('picture.flow')}><Flow histogram={report.rank_histogram} unplaced={report.figures.unplaced} /></Section>
      <Section title={t('picture.histogram')}><Histogram histogram={report.rank_histogram} unplaced={report.figures.unplaced} /></Section>
      <Section title={t('chance.title')}><ChanceText chances={chances} byWish={byWish} /></Section>
      <Section title={t('heat.title')}><Heat rows={report.unserved} /></Section>
      <Section title={t('map.title')}><Where groups={report.by_facility} /></Section>
      <Section title={t('compare.title')}><Comparison report={report} /></Section>
      <Section title={t('criterionGroup.title')}><Criteria groups={report.by_criterion} /></Section>
      {report.kept_seats.length > 0 && <Section title={t('kept.title')}><KeptSeats kept={report.kept_seats} /></Section>}
      <div className="kp-columns kp-columns--even">
        <Section title={t('group.district')}><Groups groups={report.by_district} title={t('group.district')} unknown={t('group.unknownDistrict')} file="stadtteile" /></Section>
        <Section title={t('group.provider')}><Groups groups={report.by_provider} title={t('group.provider')} unknown={t('group.unknownProvider')} file="traeger" /></Section>
      </div>
      <ul className="kp-legend" aria-label={t('group.legend')}>
        <li><svg className="kp-swatch" viewBox="0 0 1 1" aria-hidden="true"><rect className="kp-pic-rest" width="1" height="1" /></svg>{t('group.first_wishes')}</li>
        <li><svg className="kp-swatch" viewBox="0 0 1 1" aria-hidden="true"><rect className="kp-pic-placed" width="1" height="1" /></svg>{t('group.places')}</li>
      </ul>
    </>
  )
}
