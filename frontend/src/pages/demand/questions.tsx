import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useGet } from '../../api/hooks'
import type { CareType, Criterion, Items } from '../../api/types'
import { useTenant, useTo } from '../../app/tenant'
import { addMonths, formatDate, isEmptyDate, monthsBetween, toIso, toParts, today, type DateParts } from '../../lib/dates'
import { HoursHint } from '../../lib/hours-hint'
import { useWords } from '../../lib/words'
import { Alert, Checkbox, DateField, ErrorState, Link, Page, RadioGroup, Select, Skeleton, TextField } from '../../ui'
import { ChildForm } from '../family/child-form'
import { Question, useDemand, useNextPath } from './frame'
import { givesWay } from './ways'

export function ChildQuestion(): JSX.Element {
  const { t } = useTranslation('demand')
  const { t: common } = useTranslation()
  const { demand, family, base } = useDemand()
  const navigate = useNavigate()
  const next = useNextPath('kind')
  const child = family.children.find((entry) => entry.id === demand.child.id) ?? null
  return (
    <Page title={t('childStep.title')} lead={t('childStep.lead')} back={{ to: base, label: t('tasks.title') }}>
      <ChildForm key={child?.id} child={child} submitLabel={common('action.continue')} onSaved={() => void navigate(next)} />
    </Page>
  )
}

const CARE_TYPES: CareType[] = ['nursery', 'kindergarten', 'after_school', 'mixed_age']

export function CareQuestion(): JSX.Element {
  const { t } = useTranslation('demand')
  const words = useWords()
  const { demand, save } = useDemand()
  return (
    <Question step="betreuung" title={t('care.title')} lead={t('care.lead')} check={() => (demand.care_type ? {} : { care_type: t('care.missing') })}>
      {(errors) => (
        <RadioGroup
          id="care_type"
          label={t('field.care_type')}
          value={demand.care_type}
          onChange={(care_type) => save.change({ care_type })}
          error={errors['care_type']}
          options={CARE_TYPES.map((value) => ({ value, label: words.careType(value), hint: value === 'mixed_age' ? t('care.mixedHint') : undefined }))}
        />
      )}
    </Question>
  )
}

/** The rules for the start, told before the answer is given. */
function StartRules({ birth }: { birth: string | null }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const tenant = useTenant()
  const earliest = birth ? addMonths(birth, tenant.earliest_start_age_months) : null
  return (
    <ul className="kern-body kp-list">
      {earliest && earliest > today() && <li>{t('start.earliest', { date: formatDate(earliest, i18n.language), count: tenant.earliest_start_age_months })}</li>}
      <li>{t('start.notice', { count: tenant.notice_period_months, date: formatDate(addMonths(today(), tenant.notice_period_months), i18n.language) })}</li>
      <li>{t('start.year', { month: new Intl.DateTimeFormat(i18n.language, { month: 'long', timeZone: 'UTC' }).format(new Date(`2027-${tenant.kita_year_start}T00:00:00Z`)) })}</li>
    </ul>
  )
}

export function StartQuestion(): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const { t: common } = useTranslation()
  const tenant = useTenant()
  const { demand, family, save } = useDemand()
  const child = family.children.find((entry) => entry.id === demand.child.id)
  const birth = child?.birth_date ?? child?.expected_birth_date ?? null
  const [desired, setDesired] = useState<DateParts>(() => toParts(demand.desired_start))
  const [latest, setLatest] = useState<DateParts>(() => toParts(demand.latest_start))
  const draft = demand.state === 'draft'
  const keep = (key: 'desired_start' | 'latest_start', parts: DateParts) => {
    const iso = toIso(parts)
    if (iso || isEmptyDate(parts)) save.change({ [key]: iso })
  }
  const check = () => {
    const [from, until] = [toIso(desired), toIso(latest)]
    const earliest = birth ? addMonths(birth, tenant.earliest_start_age_months) : null
    return {
      desired_start: isEmptyDate(desired) ? t('start.missing') : !from ? common('form.wrongDate') : draft && from < today() ? t('start.past') : earliest && from < earliest ? t('start.tooYoung', { date: formatDate(earliest, i18n.language) }) : undefined,
      latest_start: !isEmptyDate(latest) && !until ? common('form.wrongDate') : from && until && until < from ? t('start.latestBefore') : undefined,
    }
  }
  const chosen = toIso(desired)
  const short = chosen && draft && monthsBetween(today(), chosen) < tenant.notice_period_months
  return (
    <Question step="betreuung/beginn" title={t('start.title')} lead={<StartRules birth={birth} />} check={check}>
      {(errors) => (
        <>
          {draft
            ? <DateField id="desired_start" label={t('field.desired_start')} value={desired} onChange={(parts) => { setDesired(parts); keep('desired_start', parts) }} error={errors['desired_start']} />
            : <p className="kern-body">{t('start.fixed', { date: formatDate(demand.desired_start, i18n.language) })}</p>}
          {short && <Alert tone="info" live title={t('start.short', { count: tenant.notice_period_months })}><p className="kern-body">{t('start.shortText')}</p></Alert>}
          <DateField id="latest_start" label={t('field.latest_start')} hint={t('start.latestHint')} optional value={latest} onChange={(parts) => { setLatest(parts); keep('latest_start', parts) }} error={errors['latest_start']} />
        </>
      )}
    </Question>
  )
}

const HOURS = [20, 25, 30, 35, 40, 45, 50]
const clock = (from: number, to: number): string[] => Array.from({ length: (to - from) * 2 + 1 }, (_, index) => `${String(from + Math.floor(index / 2)).padStart(2, '0')}:${index % 2 ? '30' : '00'}`)

export function TimesQuestion(): JSX.Element {
  const { t } = useTranslation('demand')
  const { demand, save } = useDemand()
  const times = (values: string[]) => values.map((value) => ({ value, label: t('times.clock', { time: value }) }))
  const hours = demand.hours_per_week && !HOURS.includes(demand.hours_per_week) ? [...HOURS, demand.hours_per_week].sort((a, b) => a - b) : HOURS
  const fewer = hours.filter((count) => count <= (demand.hours_per_week ?? 0))
  const chooseHours = (value: string) => {
    const wished = value ? Number(value) : null
    const below = demand.least_hours !== null && demand.least_hours > (wished ?? 0)
    save.change({ hours_per_week: wished, ...(below ? { least_hours: null } : {}) })
  }
  const check = () => ({
    hours_per_week: demand.hours_per_week ? undefined : t('times.hoursMissing'),
    window_from: demand.window_from ? undefined : t('times.fromMissing'),
    window_to: !demand.window_to ? t('times.toMissing') : demand.window_from && demand.window_to <= demand.window_from ? t('times.order') : undefined,
  })
  return (
    <Question step="betreuung/zeiten" title={t('times.title')} lead={t('times.lead')} check={check}>
      {(errors) => (
        <>
          <Select id="hours_per_week" label={t('field.hours_per_week')} hint={t('times.hoursHint')} value={demand.hours_per_week ? String(demand.hours_per_week) : ''} empty={t('times.choose')} onChange={chooseHours} options={hours.map((count) => ({ value: String(count), label: t('times.hoursValue', { count }) }))} error={errors['hours_per_week']} />
          <div className="kp-form__pair">
            <Select id="window_from" label={t('field.window_from')} value={demand.window_from ?? ''} empty={t('times.choose')} onChange={(value) => save.change({ window_from: value || null })} options={times(clock(6, 13))} error={errors['window_from']} />
            <Select id="window_to" label={t('field.window_to')} value={demand.window_to ?? ''} empty={t('times.choose')} onChange={(value) => save.change({ window_to: value || null })} options={times(clock(11, 19))} error={errors['window_to']} />
          </div>
          <HoursHint hours={demand.hours_per_week} from={demand.window_from} to={demand.window_to} />
          <Select id="least_hours" label={t('field.least_hours')} hint={t('times.leastHint')} optional value={demand.least_hours ? String(demand.least_hours) : ''} empty={t('check.noLatest')} onChange={(value) => save.change({ least_hours: value ? Number(value) : null })} options={fewer.map((count) => ({ value: String(count), label: t('times.hoursValue', { count }) }))} error={errors['least_hours']} />
          {givesWay(demand) && (
            <RadioGroup
              id="times_first"
              label={t('field.times_first')}
              value={demand.ways ? 'own' : demand.times_first ? 'times' : 'facility'}
              onChange={(value) => { if (value !== 'own') save.change({ times_first: value === 'times', ways: null }) }}
              error={errors['times_first']}
              options={(demand.ways ? (['facility', 'times', 'own'] as const) : (['facility', 'times'] as const)).map((value) => ({ value, label: t(`times.first.${value}`), hint: t(`times.first.${value}Hint`) }))}
            />
          )}
        </>
      )}
    </Question>
  )
}

/** A criterion that asks for a number: empty means that it does not apply. */
function NumberQuestion({ criterion, number, hint, error, onChange }: { criterion: Criterion; number: number | null; hint: JSX.Element; error: string | undefined; onChange: (number: number | null) => void }): JSX.Element {
  const [text, setText] = useState(number === null ? '' : String(number))
  const change = (typed: string) => {
    const digits = typed.replace(/\D/g, '').slice(0, 3)
    setText(digits)
    onChange(digits ? Number(digits) : null)
  }
  return <TextField id={`criterion-${criterion.id}`} label={criterion.title} hint={hint} optional width="xs" inputMode="numeric" value={text} onChange={change} error={error} />
}

export function SituationQuestion(): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const { t: words } = useTranslation('criteria')
  const to = useTo()
  const { demand, save } = useDemand()
  const criteria = useGet<Items<Criterion>>('/criteria', { language: i18n.language }, { staleTime: 300_000 })
  const list = criteria.data?.items ?? []
  const factOf = (id: string) => demand.facts.find((fact) => fact.criterion_id === id && fact.claimed)
  const answer = (id: string, claimed: boolean, number: number | null) => save.change({
    facts: list.map((criterion) => {
      const before = factOf(criterion.id)
      return criterion.id === id ? { criterion_id: id, claimed, number } : { criterion_id: criterion.id, claimed: Boolean(before), number: before?.number ?? null }
    }),
  })
  const hint = (criterion: Criterion) => (
    <>
      {criterion.hint && <>{criterion.hint} </>}
      {criterion.points !== null && t('situation.points', { count: criterion.points })}
      {criterion.evidence && <> {t('situation.evidence', { evidence: criterion.evidence })}</>}
      {criterion.confidential && <> {t('situation.confidential')}</>}
    </>
  )
  return (
    <Question step="situation" title={t('situation.title')} lead={t('situation.lead')}>
      {(errors) => (
        <>
          {criteria.error && <ErrorState problem={criteria.error} onRetry={() => void criteria.refetch()} />}
          {criteria.isPending && <Skeleton lines={4} />}
          {criteria.isSuccess && list.length === 0 && <p className="kern-body">{t('situation.none')}</p>}
          <div className="kp-stack" role="group" aria-label={t('situation.title')}>
            {list.map((criterion) => (criterion.source === 'asked_number'
              ? <NumberQuestion key={criterion.id} criterion={criterion} number={factOf(criterion.id)?.number ?? null} hint={hint(criterion)} error={errors[`criterion-${criterion.id}`]} onChange={(number) => answer(criterion.id, number !== null, number)} />
              : <Checkbox key={criterion.id} label={criterion.title} hint={hint(criterion)} checked={Boolean(factOf(criterion.id))} onChange={(claimed) => answer(criterion.id, claimed, null)} />
            ))}
          </div>
          {list.length > 0 && <p className="kern-body"><Link to={to('/vergabe')}>{words('parents.title')}</Link></p>}
        </>
      )}
    </Question>
  )
}

export function ClaimQuestion(): JSX.Element {
  const { t } = useTranslation('demand')
  const { demand, save } = useDemand()
  return (
    <Question step="situation/anspruch" title={t('claim.title')} lead={t('claim.lead')}>
      {() => (
        <>
          <ul className="kern-body kp-list"><li>{t('claim.effect')}</li><li>{t('claim.free')}</li><li>{t('claim.wishes')}</li></ul>
          <Checkbox id="legal_claim" label={t('claim.tick')} checked={demand.legal_claim} disabled={demand.state !== 'draft'} onChange={(legal_claim) => save.change({ legal_claim })} />
        </>
      )}
    </Question>
  )
}
