import { useId, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { PublicFigures, PublicRound } from '../../api/round-types'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { criteriaNames } from '../../lib/why'
import { useWords } from '../../lib/words'
import { EmptyState, ErrorState, Facts, Link, Page, Section, Skeleton, Table, type Fact } from '../../ui'

const FIGURES = ['children', 'placed', 'unplaced', 'first_wish', 'unserved_claims', 'passed_over', 'justified_envy', 'lottery_decided'] as const

function Figures({ figures }: { figures: PublicFigures }): JSX.Element {
  const { t, i18n } = useTranslation('why')
  const number = (value: number | null) => (value === null ? t('public.secret') : new Intl.NumberFormat(i18n.language).format(value))
  const ranks = figures.rank_histogram.map((count, index) => ({ id: String(index), name: t('public.rank', { rank: index + 1 }), count }))
  const habit = figures.first_preference_first
  const secret = FIGURES.some((name) => figures[name] === null) || ranks.some((row) => row.count === null)
  return (
    <>
      <dl className="kp-pubfigures">
        {FIGURES.map((name) => <div key={name}><dt>{t(`public.figure.${name}`)}</dt><dd>{number(figures[name])}</dd></div>)}
      </dl>
      {ranks.length > 0 && <WishBars rows={[...ranks, { id: 'none', name: t('public.noPlace'), count: figures.unplaced }]} />}
      {secret && <p className="kp-small kp-muted">{t('public.secretText')}</p>}
      <p className="kern-body">
        {t('public.habit', { placed: number(habit.placed), first: number(habit.first_wish), ours: number(figures.first_wish), envy: number(habit.justified_envy) })}
      </p>
      {ranks.length > 0 && (
        <Table
          caption={t('public.ranks')}
          rows={ranks}
          rowKey={(row) => row.id}
          columns={[
            { id: 'wish', header: t('public.wishHead'), rowHeader: true, cell: (row) => row.name },
            { id: 'count', header: t('public.figure.children'), numeric: true, cell: (row) => number(row.count) },
          ]}
        />
      )}
    </>
  )
}

type Bar = { id: string; name: string; count: number | null }
/** Which wish was met, as bars; what is kept secret is an empty frame and says so. The table below holds the same. */
function WishBars({ rows }: { rows: Bar[] }): JSX.Element {
  const { t, i18n } = useTranslation('why')
  const id = useId()
  const top = Math.max(1, ...rows.map((row) => row.count ?? 0))
  const says = (count: number | null) => (count === null ? t('public.secret') : new Intl.NumberFormat(i18n.language).format(count))
  return (
    <svg className="kp-wishbars" viewBox={`0 0 400 ${rows.length * 30}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
      <title id={`${id}-t`}>{t('public.ranks')}</title>
      <desc id={`${id}-d`}>{rows.map((row) => `${row.name}: ${says(row.count)}`).join('; ')}</desc>
      {rows.map((row, index) => {
        const width = row.count === null ? 24 : Math.max(row.count > 0 ? 2 : 0, (row.count / top) * 200)
        return (
          <g key={row.id} transform={`translate(0 ${index * 30})`}>
            <text className="kp-wishbars__text" x="92" y="19" textAnchor="end">{row.name}</text>
            <rect className={row.count === null ? 'kp-wishbars__secret' : row.id === 'none' ? 'kp-wishbars__none' : 'kp-wishbars__bar'} x="100" y="5" width={width} height="20" />
            <text className="kp-wishbars__text" x={108 + width} y="20">{says(row.count)}</text>
          </g>
        )
      })}
    </svg>
  )
}

function Seals({ round }: { round: PublicRound }): JSX.Element {
  const { t } = useTranslation('why')
  const seal = (text: string | null): ReactNode => (text ? <code className="kp-seal">{text}</code> : t('public.notYet'))
  return (
    <details className="kp-details">
      <summary>{t('public.seals')}</summary>
      <p className="kern-body">{t('public.sealsText')}</p>
      <Facts items={[
        { id: 'commitment', term: t('public.commitment'), value: seal(round.commitment) },
        { id: 'snapshot', term: t('public.snapshot'), value: seal(round.snapshot_sha256) },
        { id: 'instance', term: t('public.instance'), value: seal(round.instance_sha256) },
        { id: 'engine', term: t('public.engine'), value: round.engine },
        // The commitment binds these very words.
        ...(round.criteria ? [{ id: 'rules', term: t('public.rules'), value: <code className="kp-seal">{round.criteria}</code> }] : []),
      ]}
      />
    </details>
  )
}

function Round({ round }: { round: PublicRound }): JSX.Element {
  const { t, i18n } = useTranslation('why')
  const { t: common } = useTranslation()
  const { t: siblings } = useTranslation('siblings')
  const { t: improve } = useTranslation('improve')
  const words = useWords()
  const to = useTo()
  const date = (iso: string | null) => formatDate(iso, i18n.language)
  const items: Fact[] = [
    { id: 'key', term: t('public.key'), value: t('public.keyText', { date: date(round.key_date) }) },
    { id: 'start', term: t('public.start'), value: date(round.start_on) },
    { id: 'bands', term: t('public.bands'), value: round.age_bands.map(words.ageBand).join(', ') },
    { id: 'siblings', term: t('public.siblings'), value: `${t(`public.siblingRule.${round.siblings}`)}\n${siblings('round.whoSaid')}` },
    { id: 'after', term: improve('rule'), value: `${improve(`option.${round.after_release}`)}\n${improve(`hint.${round.after_release}`)}` },
    { id: 'draw', term: t('public.draw'), value: `${round.draw_source}\n${date(round.draw_on)}` },
    ...(round.seed ? [{ id: 'seed', term: t('public.seed'), value: <strong>{round.seed}</strong> }] : []),
    ...(round.criteria ? [{ id: 'criteria', term: t('public.criteria'), value: <Link to={to('/vergabe')}>{criteriaNames(round.criteria)}</Link> }] : []),
    ...(round.frozen_at ? [{ id: 'frozen', term: t('public.frozen'), value: date(round.frozen_at) }] : []),
    ...(round.released_at ? [{ id: 'released', term: t('public.released'), value: date(round.released_at) }] : []),
  ]
  return (
    <Section title={`${round.name} (${common(`roundState.${round.state}`)})`}>
      <Facts items={items} />
      <h3 className="kern-heading-small">{t('public.figures')}</h3>
      {round.figures ? <Figures figures={round.figures} /> : <p className="kern-body">{t(round.state === 'cancelled' ? 'public.cancelled' : 'public.notReleased')}</p>}
      <Seals round={round} />
    </Section>
  )
}

/** The rounds of the municipality for everybody: rules, draw, seals, figures without any child, and how to check them. */
export default function Allocations(): JSX.Element {
  const { t } = useTranslation('why')
  const query = useGet<Items<PublicRound>>('/allocations')
  const items = query.data?.items
  return (
    <Page title={t('public.title')} lead={t('public.lead')}>
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton blocks={2} lines={5} />}
      {items?.length === 0 && <EmptyState title={t('public.empty')}><p>{t('public.emptyText')}</p></EmptyState>}
      {items?.map((round) => <Round key={round.id} round={round} />)}
      <Section title={t('public.checkTitle')}>
        <ol className="kp-list">
          <li>{t('public.check1')}</li>
          <li>{t('public.check2')}<pre className="kp-seal kp-seal--command" tabIndex={0} aria-label={t('public.command')}><code>{'kitaplatz allocation replay vergabe-lauf-1.json\nkitaplatz allocation verify INSTANZ.json ERGEBNIS.json'}</code></pre></li>
          <li>{t('public.check3')}</li>
        </ol>
      </Section>
    </Page>
  )
}
