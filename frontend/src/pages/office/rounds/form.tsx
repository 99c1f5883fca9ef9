import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi } from '../../../api/context'
import { useGet, useIdempotencyKey, useRefresh } from '../../../api/hooks'
import type { AfterRelease, Round, RoundMode, SiblingRule } from '../../../api/round-types'
import type { AgeBand } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { formatDate, isEmptyDate, today, toIso } from '../../../lib/dates'
import { useWords } from '../../../lib/words'
import { Alert, Button, ButtonLink, Checkbox, DateField, ErrorState, ErrorSummary, Fieldset, Page, RadioGroup, Skeleton, TextArea, TextField } from '../../../ui'
import { namedSummary, useVersioned } from '../../../staff'
import { checkRound, EMPTY_ROUND, toRound, toValues, type RoundValues } from './form-values'

const BANDS: AgeBand[] = ['under3', 'over3', 'school_age']
const RULES: SiblingRule[] = ['preferred', 'required', 'independent']
const AFTER: AfterRelease[] = ['keep_or_improve', 'fill_only']
const MODES: RoundMode[] = ['central', 'coordinated']

function useShown(): (field: keyof RoundValues, value: RoundValues[keyof RoundValues]) => string {
  const { t, i18n } = useTranslation('rounds')
  const { t: improve } = useTranslation('improve')
  const words = useWords()
  return (field, value) => {
    if (field === 'after') return improve(`option.${value as AfterRelease}`)
    if (typeof value === 'string') return field === 'siblings' ? t(`siblings.${value as SiblingRule}`) : field === 'mode' ? t(`mode.${value as RoundMode}`) : value
    return Array.isArray(value) ? value.map(words.ageBand).join(', ') : isEmptyDate(value) ? '' : formatDate(toIso(value), i18n.language)
  }
}

function Form({ round }: { round: Round | null }): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: said } = useTranslation('siblings')
  const { t: common } = useTranslation()
  const { t: improve } = useTranslation('improve')
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const show = useShown()
  const { key, renew } = useIdempotencyKey()
  const [tried, setTried] = useState(false)
  const [made, setMade] = useState<string | null>(round?.id ?? null)
  const labels = { name: t('form.name'), mode: t('form.mode'), key: t('form.key'), start: t('form.start'), bands: t('form.bands'), days: t('form.days'), siblings: t('form.siblings'), after: improve('rule'), source: t('form.source'), draw: t('form.draw') }
  const form = useVersioned<RoundValues>({
    start: { value: round ? toValues(round) : EMPTY_ROUND, version: round?.version ?? 0 },
    save: async (value, version) => {
      const saved = round
        ? await api.patch<Round>(`/rounds/${round.id}`, toRound(value), { version })
        : await api.post<Round>('/rounds', toRound(value), { idempotencyKey: key() })
      setMade(saved.id)
      await refresh('/rounds')
      await navigate(to(`/amt/vergabe/${saved.id}`))
    },
    newest: async () => {
      const now = await api.get<Round>(`/rounds/${made ?? ''}`)
      return { value: toValues(now), version: now.version }
    },
    labels,
    show,
    onSaved: () => {},
  })
  const set = (patch: Partial<RoundValues>) => { renew(); form.set(patch) }
  const value = form.value
  const own = Object.fromEntries(Object.entries(checkRound(value, today())).map(([field, fault]) => [field, t(`fault.${fault}`)]))
  const errors: Record<string, string> = { ...form.errors, ...(tried ? own : {}) }
  const named = { name: labels.name, key_date: labels.key, start_on: labels.start, 'config.age_bands': labels.bands, 'config.offer_days': labels.days, 'config.draw_source': labels.source, 'config.draw_on': labels.draw }
  const back = round ? to(`/amt/vergabe/${round.id}`) : to('/amt/vergabe')
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (Object.keys(own).length === 0) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, named)} problem={form.problem} />
      <TextField id="name" label={labels.name} hint={t('form.nameHint')} maxLength={200} value={value.name} onChange={(name) => set({ name })} error={errors['name']} />
      <RadioGroup id="mode" label={labels.mode} value={value.mode} onChange={(mode) => set({ mode })} options={MODES.map((mode) => ({ value: mode, label: t(`mode.${mode}`), hint: t(`modeHint.${mode}`) }))} />
      <DateField id="key_date" label={labels.key} hint={t('form.keyHint')} value={value.key} onChange={(next) => set({ key: next })} error={errors['key_date']} />
      <DateField id="start_on" label={labels.start} hint={t('form.startHint')} value={value.start} onChange={(start) => set({ start })} error={errors['start_on']} />
      <Fieldset id="config.age_bands" label={labels.bands} error={errors['config.age_bands']}>
        {BANDS.map((band) => (
          <Checkbox key={band} label={words.ageBand(band)} checked={value.bands.includes(band)} onChange={(on) => set({ bands: BANDS.filter((one) => (one === band ? on : value.bands.includes(one))) })} />
        ))}
      </Fieldset>
      <RadioGroup id="config.siblings" label={labels.siblings} hint={said('round.whoSaid')} value={value.siblings} onChange={(siblings) => set({ siblings })} options={RULES.map((rule) => ({ value: rule, label: t(`siblings.${rule}`), hint: t(`siblingsHint.${rule}`) }))} />
      <RadioGroup id="config.after_release" label={labels.after} value={value.after} onChange={(after) => set({ after })} options={AFTER.map((rule) => ({ value: rule, label: improve(`option.${rule}`), hint: improve(`hint.${rule}`) }))} />
      <TextField id="config.offer_days" label={labels.days} hint={t('form.daysHint')} optional width="xs" inputMode="numeric" value={value.days} onChange={(days) => set({ days })} error={errors['config.offer_days']} />
      <Alert tone="info" title={t('form.drawTitle')}><p className="kern-body">{t('form.drawText')}</p></Alert>
      <TextArea id="config.draw_source" label={labels.source} hint={t('form.sourceHint')} rows={2} maxLength={500} value={value.source} onChange={(source) => set({ source })} error={errors['config.draw_source']} />
      <DateField id="config.draw_on" label={labels.draw} hint={t('form.drawHint')} value={value.draw} onChange={(draw) => set({ draw })} error={errors['config.draw_on']} />
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{round ? t('form.save') : t('form.plan')}</Button><ButtonLink kind="secondary" to={back}>{common('action.cancel')}</ButtonLink></div>
    </form>
  )
}

/** A round is planned: for which year, until which day demands count, and which public draw breaks ties. */
export function NewRoundPage(): JSX.Element {
  const { t } = useTranslation('rounds')
  const to = useTo()
  return <Page title={t('form.newTitle')} lead={t('form.lead')} back={{ to: to('/amt/vergabe'), label: t('title') }}><Form round={null} /></Page>
}

/** What was planned is changed, until the freeze. */
export function EditRoundPage(): JSX.Element {
  const { t } = useTranslation('rounds')
  const { round: id = '' } = useParams()
  const to = useTo()
  const query = useGet<Round>(`/rounds/${id}`)
  const round = query.data
  const back = { to: to(`/amt/vergabe/${id}`), label: round?.name ?? t('title') }
  return (
    <Page title={t('form.editTitle')} back={back}>
      {!round && (query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton lines={6} />)}
      {round && (round.state === 'planned' ? <Form key={round.id} round={round} /> : <Alert tone="info" title={t('form.frozen')}><p className="kern-body">{t('form.frozenText')}</p></Alert>)}
    </Page>
  )
}
