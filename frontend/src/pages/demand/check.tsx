import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { keyOf, useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Criterion, Demand, Items } from '../../api/types'
import { useTenant, useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { Actions, Alert, Button, Facts, Link, Page, ProblemView, Section, useFieldErrors, VisuallyHidden, type Fact } from '../../ui'
import { useChildName } from '../family/child-name'
import { PlaceStays } from '../family/place-stays'
import { OwnResidence } from '../residence/family'
import { SaveConflict, useAnswerText, useDemand } from './frame'
import { Siblings } from './siblings'
import { stepOfField } from './steps'
import { givesWay, RankedWays } from './ways'

function useRows(): { about: Fact[]; care: Fact[]; rest: Fact[] } {
  const { t, i18n } = useTranslation('demand')
  const { t: common } = useTranslation()
  const to = useTo()
  const nameOf = useChildName()
  const { demand, family, base } = useDemand()
  const text = useAnswerText()
  const criteria = useGet<Items<Criterion>>('/criteria', { language: i18n.language }, { staleTime: 300_000 })
  const change = (path: string, label: string) => <Link to={path.includes('?') ? path : `${path}?pruefen`}>{common('action.change')}<VisuallyHidden>: {label}</VisuallyHidden></Link>
  const row = (id: string, term: string, value: Fact['value'], path: string): Fact => ({ id, term, value: value || <em>{t('check.missing')}</em>, action: change(path, term) })
  const child = family.children.find((entry) => entry.id === demand.child.id)
  const { guardian, household } = family
  const dataPath = `${to('/familie/daten')}?zurueck=${demand.id}`
  const claimed = (criteria.data?.items ?? []).filter((criterion) => demand.facts.some((fact) => fact.criterion_id === criterion.id && fact.claimed))
  return {
    about: [
      row('guardian', t('check.guardian'), guardian && `${guardian.first_name} ${guardian.last_name}`, dataPath),
      row('household', t('check.address'), household && `${household.street} ${household.house_number}\n${household.postal_code} ${household.city}`, dataPath),
      row('child', t('check.child'), child && nameOf(child), `${base}/kind`),
      row('birth', child?.birth_date ? t('check.birth') : t('check.expected'), formatDate(child?.birth_date ?? child?.expected_birth_date, i18n.language), `${base}/kind`),
    ],
    care: [
      row('care_type', t('field.care_type'), text('care_type', demand), `${base}/betreuung`),
      row('desired_start', t('field.desired_start'), text('desired_start', demand), `${base}/betreuung/beginn`),
      row('latest_start', t('field.latest_start'), text('latest_start', demand) || t('check.noLatest'), `${base}/betreuung/beginn`),
      row('hours', t('field.hours_per_week'), text('hours_per_week', demand), `${base}/betreuung/zeiten`),
      row('least_hours', t('field.least_hours'), text('least_hours', demand) || t('check.noLatest'), `${base}/betreuung/zeiten`),
      ...(givesWay(demand) ? [row('times_first', t('field.times_first'), text('times_first', demand), `${base}/betreuung/zeiten`)] : []),
      row('window', t('check.window'), demand.window_from && demand.window_to && t('check.windowValue', { from: demand.window_from, to: demand.window_to }), `${base}/betreuung/zeiten`),
    ],
    rest: [
      row('wishes', t('wishes.title'), demand.preferences.map((preference, index) => `${index + 1}. ${preference.facility_name}`).join('\n'), `${base}/wuensche`),
      row('facts', t('situation.title'), claimed.length > 0 ? claimed.map((criterion) => { const number = demand.facts.find((fact) => fact.criterion_id === criterion.id)?.number; return number == null ? criterion.title : `${criterion.title} – ${number}` }).join('\n') : t('check.noFacts'), `${base}/situation`),
      ...(demand.transfer && !demand.legal_claim ? [] : [row('claim', t('claim.title'), demand.legal_claim ? t('check.claimYes') : t('check.claimNo'), `${base}/situation/anspruch`)]),
    ],
  }
}

/** What the server still misses, each line with the page where it is answered. */
function Missing({ errors }: { errors: Record<string, string> }): JSX.Element | null {
  const { t } = useTranslation('demand')
  const to = useTo()
  const { demand, base } = useDemand()
  const lines = Object.entries(errors)
  if (lines.length === 0) return null
  return (
    <Alert tone="danger" live title={t('check.incomplete')}>
      <ul className="kp-plain-list">
        {lines.map(([name, message]) => {
          const step = stepOfField(name)
          return <li key={name}><Link to={step === 'daten' ? `${to('/familie/daten')}?zurueck=${demand.id}` : `${base}/${step}`}>{t(`step.${step === 'daten' ? 'data' : step === 'kind' ? 'child' : step === 'wuensche' ? 'wishes' : step.startsWith('situation') ? 'situation' : 'care'}`)}: {message}</Link></li>
        })}
      </ul>
    </Alert>
  )
}

export function CheckPage(): JSX.Element {
  const { t } = useTranslation('demand')
  const api = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const tenant = useTenant()
  const { demand, base, save } = useDemand()
  const rows = useRows()
  const { key, renew } = useIdempotencyKey()
  const translate = useFieldErrors()
  const [unsaved, setUnsaved] = useState(false)
  const submit = useSend(async () => {
    const sent = await api.post<Demand>(`/demands/${demand.id}/submit`, {}, { idempotencyKey: key() })
    client.setQueryData(keyOf(api, `/demands/${demand.id}`), sent)
    return sent
  })
  const send = async () => {
    const saved = await save.flush()
    setUnsaved(!saved)
    if (!saved) return
    const result = await submit.run()
    if (result?.ok) {
      void navigate(`${base}/gesendet`, { replace: true })
      await refresh('/demands', '/family')
    } else if (result && !result.error.isOffline) renew()
  }
  const missing = translate(submit.error)
  return (
    <Page title={t('check.title')} lead={t('check.lead')} back={{ to: base, label: t('tasks.title') }}>
      <SaveConflict />
      <PlaceStays demand={demand} />
      {unsaved && <Alert tone="warning" live title={t('check.unsaved')} />}
      {Object.keys(missing).length > 0 ? <Missing errors={missing} /> : <ProblemView problem={submit.error} />}
      <Section title={t('check.about')}><Facts items={rows.about} /></Section>
      <Section title={t('check.care')}><Facts items={rows.care} /></Section>
      <Section title={t('check.rest')}><Facts items={rows.rest} /><RankedWays demand={demand} /></Section>
      <Siblings demand={demand} />
      <OwnResidence demand={demand} />
      <Section title={t('check.sendTitle')}>
        <p className="kern-body">{t('check.sendText', { office: tenant.office_name })}</p>
        <Actions><Button busy={submit.busy} onClick={() => void send()}>{demand.legal_claim ? t('check.sendWithClaim') : t('check.send')}</Button></Actions>
      </Section>
    </Page>
  )
}
