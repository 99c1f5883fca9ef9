import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { CareType, Criterion, Demand, IntakeInput, Items, KnownChild } from '../../api/types'
import { useTenant, useTo } from '../../app/tenant'
import { LANGUAGE_NAMES, LANGUAGES, isLanguage } from '../../i18n'
import { useUnsaved } from '../../lib/unsaved'
import { HoursHint } from '../../lib/hours-hint'
import { useWords } from '../../lib/words'
import { Alert, Button, ButtonLink, Checkbox, DateField, ErrorState, ErrorSummary, Fieldset, Page, RadioGroup, Select, Skeleton, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'
import { checkIntake, EMPTY_INTAKE, toIntake, type IntakeValues } from './intake-values'
import { chosen, KnownPart, OTHER, type KnownChoice } from './known-child'
import { SiblingPart, siblingOf, type SiblingChoice } from './known-siblings'
import { SIBLING_ANSWERS } from '../demand/siblings'
import { WishesField } from './wishes-field'

const CARE: CareType[] = ['nursery', 'kindergarten', 'after_school', 'mixed_age']
// Where the form shows what the server says of a whole part, or of one of several.
const placeOf = (field: string): string =>
  field === 'household' ? 'household.postal_code' : ['facility_ids', 'demand.facts'].find((list) => field.startsWith(`${list}.`)) ?? field
type PartProps = { values: IntakeValues; set: (patch: Partial<IntakeValues>) => void; errors: Record<string, string> }

function GuardianPart({ values, set, errors }: PartProps): JSX.Element {
  const { t } = useTranslation('office')
  return (
    <section className="kp-group">
      <h2 className="kern-heading-medium">{t('intake.guardian')}</h2>
      <div className="kp-form__pair">
        <TextField id="guardian.first_name" label={t('intake.first')} autoComplete="off" value={values.first} onChange={(first) => set({ first })} error={errors['guardian.first_name']} />
        <TextField id="guardian.last_name" label={t('intake.last')} autoComplete="off" value={values.last} onChange={(last) => set({ last })} error={errors['guardian.last_name']} />
        <TextField id="guardian.email" label={t('intake.email')} hint={t('intake.emailHint')} optional type="email" autoComplete="off" value={values.email} onChange={(email) => set({ email })} error={errors['guardian.email']} />
        <TextField id="guardian.phone" label={t('intake.phone')} optional type="tel" autoComplete="off" value={values.phone} onChange={(phone) => set({ phone })} error={errors['guardian.phone']} />
      </div>
      <div className="kp-form__pair kp-form__pair--street">
        <TextField id="household.street" label={t('intake.street')} autoComplete="off" value={values.street} onChange={(street) => set({ street })} error={errors['household.street']} />
        <TextField id="household.house_number" label={t('intake.number')} autoComplete="off" value={values.number} onChange={(number) => set({ number })} error={errors['household.house_number']} />
      </div>
      <div className="kp-form__pair kp-form__pair--city">
        <TextField id="household.postal_code" label={t('intake.postal')} inputMode="numeric" maxLength={5} autoComplete="off" value={values.postal} onChange={(postal) => set({ postal })} error={errors['household.postal_code']} />
        <TextField id="household.city" label={t('intake.city')} autoComplete="off" value={values.city} onChange={(city) => set({ city })} error={errors['household.city']} />
      </div>
      <Checkbox label={t('intake.protected')} hint={t('intake.protectedHint')} checked={values.protected} onChange={(next) => set({ protected: next })} />
      <Select label={t('intake.language')} value={values.language} onChange={(language) => { if (isLanguage(language)) set({ language }) }} options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))} />
    </section>
  )
}

function ChildPart({ values, set, errors }: PartProps): JSX.Element {
  const { t } = useTranslation('office')
  return (
    <section className="kp-group">
      <h2 className="kern-heading-medium">{t('intake.child')}</h2>
      <Checkbox label={t('intake.unborn')} hint={t('intake.unbornHint')} checked={values.unborn} onChange={(unborn) => set({ unborn })} />
      {values.unborn
        ? <DateField id="child.expected_birth_date" label={t('intake.expected')} value={values.expected} onChange={(expected) => set({ expected })} error={errors['child.expected_birth_date']} />
        : (
          <>
            <div className="kp-form__pair">
              <TextField id="child.first_name" label={t('intake.childFirst')} autoComplete="off" value={values.childFirst} onChange={(childFirst) => set({ childFirst })} error={errors['child.first_name']} />
              <TextField id="child.last_name" label={t('intake.childLast')} hint={t('intake.childLastHint')} optional autoComplete="off" value={values.childLast} onChange={(childLast) => set({ childLast })} error={errors['child.last_name']} />
            </div>
            <DateField id="child.birth_date" label={t('col.born')} value={values.born} onChange={(born) => set({ born })} error={errors['child.birth_date']} />
          </>
        )}
    </section>
  )
}

function CarePart({ values, set, errors }: PartProps): JSX.Element {
  const { t, i18n } = useTranslation('office')
  const { t: siblings } = useTranslation('siblings')
  const words = useWords()
  const tenant = useTenant()
  const criteria = useGet<Items<Criterion>>('/criteria', { language: i18n.language }, { staleTime: 300_000 })
  return (
    <section className="kp-group">
      <h2 className="kern-heading-medium">{t('intake.care')}</h2>
      <RadioGroup id="demand.care_type" label={t('demand.care')} value={values.careType} onChange={(careType) => set({ careType })} error={errors['demand.care_type']} options={CARE.map((value) => ({ value, label: words.careType(value) }))} />
      <div className="kp-form__pair">
        <DateField id="demand.desired_start" label={t('col.start')} value={values.start} onChange={(start) => set({ start })} error={errors['demand.desired_start']} />
        <DateField id="demand.latest_start" label={t('intake.latest')} optional value={values.latest} onChange={(latest) => set({ latest })} error={errors['demand.latest_start']} />
      </div>
      <div className="kp-row">
        <TextField id="demand.hours_per_week" label={t('intake.hours')} width="xs" inputMode="decimal" value={values.hours} onChange={(hours) => set({ hours })} error={errors['demand.hours_per_week']} />
        <TextField id="demand.least_hours" label={t('intake.least')} optional width="xs" inputMode="numeric" value={values.least} onChange={(least) => set({ least })} error={errors['demand.least_hours']} />
        <TextField id="demand.window_from" label={t('intake.from')} width="sm" type="time" value={values.from} onChange={(from) => set({ from })} error={errors['demand.window_from']} />
        <TextField id="demand.window_to" label={t('intake.to')} width="sm" type="time" value={values.to} onChange={(to) => set({ to })} error={errors['demand.window_to']} />
      </div>
      <HoursHint hours={Number(values.hours)} from={values.from} to={values.to} />
      <WishesField wishes={values.wishes} max={tenant.max_preferences} onChange={(wishes) => set({ wishes })} error={errors['facility_ids']} />
      {criteria.error && <ErrorState part problem={criteria.error} onRetry={() => void criteria.refetch()} />}
      {criteria.isPending && <Skeleton lines={3} />}
      {(criteria.data?.items.length ?? 0) > 0 && (
        <Fieldset id="demand.facts" label={t('intake.facts')} hint={t('intake.factsHint')} error={errors['demand.facts']}>
          {criteria.data?.items.map((criterion) => (criterion.source === 'asked_number'
            ? <TextField key={criterion.id} label={criterion.title} hint={criterion.evidence} optional width="xs" inputMode="numeric" value={values.numbers[criterion.id] ?? ''} onChange={(text) => set({ numbers: { ...values.numbers, [criterion.id]: text } })} />
            : <Checkbox key={criterion.id} label={criterion.title} hint={criterion.evidence} checked={values.facts.includes(criterion.id)} onChange={(checked) => set({ facts: checked ? [...values.facts, criterion.id] : values.facts.filter((id) => id !== criterion.id) })} />
          ))}
        </Fieldset>
      )}
      <RadioGroup id="siblings" label={siblings('office.intake')} value={values.siblings} onChange={(next) => set({ siblings: next })} error={errors['siblings']} options={[{ value: 'none' as const, label: siblings('office.intakeNone') }, ...SIBLING_ANSWERS.map((value) => ({ value, label: siblings(`answer.${value}`) }))]} />
      <Checkbox label={t('intake.claim')} hint={t('intake.claimHint')} checked={values.claim} onChange={(claim) => set({ claim })} />
    </section>
  )
}

/** A demand that came on paper or by telephone: the same form, with the day on which it arrived. */
export function IntakePage(): JSX.Element {
  const { t } = useTranslation('office')
  const api = useApi()
  const to = useTo()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [values, setValues] = useState<IntakeValues>(EMPTY_INTAKE)
  const [tried, setTried] = useState(false)
  const [done, setDone] = useState<Demand | null>(null)
  const [known, setKnown] = useState<KnownChoice | null>(null)
  const [sibling, setSibling] = useState<SiblingChoice | null>(null)
  const send = useSend((input: IntakeInput) => api.post<Demand>('/office/demands', input, { idempotencyKey: key() }))
  const seek = useSend((child: { first_name: string; last_name: string; birth_date: string }) => api.post<Items<KnownChild>>('/office/known-children', child))
  useUnsaved(!done && JSON.stringify(values) !== JSON.stringify(EMPTY_INTAKE))
  const set = (patch: Partial<IntakeValues>) => {
    renew()
    // Another name or day can be another child.
    if (['childFirst', 'childLast', 'born', 'unborn', 'last'].some((field) => field in patch)) setKnown(null)
    if ('first' in patch || 'last' in patch) setSibling(null)
    setValues((old) => ({ ...old, ...patch }))
  }
  const own = checkIntake(values)
  // A child that is known has its family.
  const sameChild = known !== null && known.choice !== OTHER
  const undecided = known !== null && known.choice === ''
  const errors: Record<string, string> = {
    ...Object.fromEntries(Object.entries(serverErrors(send.error)).map(([field, message]) => [placeOf(field), message])),
    ...(tried ? Object.fromEntries(Object.entries(own).map(([field, code]) => [field, t(`intake.error.${code}`)])) : {}),
    ...(tried && undecided ? { child_id: t('intake.known.need') } : {}),
  }
  const labels: Record<string, string> = {
    child_id: t('intake.known.label'), sibling_of: t('intake.sibling.label'),
    received_at: t('intake.received'), 'guardian.first_name': t('intake.first'), 'guardian.last_name': t('intake.last'), 'guardian.email': t('intake.email'),
    'guardian.phone': t('intake.phone'), 'household.street': t('intake.street'), 'household.house_number': t('intake.number'), 'household.postal_code': t('intake.postal'),
    'household.city': t('intake.city'), 'child.first_name': t('intake.childFirst'), 'child.last_name': t('intake.childLast'),
    'child.birth_date': t('col.born'), 'child.expected_birth_date': t('intake.expected'), 'demand.care_type': t('demand.care'), 'demand.desired_start': t('col.start'),
    'demand.latest_start': t('intake.latest'), 'demand.hours_per_week': t('intake.hours'), 'demand.least_hours': t('intake.least'), 'demand.window_to': t('intake.to'), facility_ids: t('intake.wishes'),
  }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0 || undecided) return
    const input = { ...toIntake(values), ...chosen(known), ...(sameChild ? {} : siblingOf(sibling)) }
    const answer = await send.run(input)
    if (answer?.ok) { setDone(answer.value); await refresh('/office') }
    const { first_name, last_name, birth_date } = input.child
    if (!answer || answer.ok || answer.error.code !== 'intake.known_child' || !first_name || !birth_date) return
    const found = await seek.run({ first_name, last_name: last_name ?? input.guardian.last_name, birth_date })
    if (found?.ok) { setTried(false); setKnown({ children: found.value.items, choice: '', transfer: false }) }
  }
  if (done) {
    return (
      <Page title={t('intake.doneTitle')}>
        <Alert tone="success" live title={t('intake.done', { code: done.reference_code ?? '' })}>
          <p className="kern-body">{values.email ? t('intake.doneMail') : t('intake.doneLetter')}</p>
        </Alert>
        <div className="kp-actions">
          <ButtonLink to={to(`/amt/bedarfe/${done.id}`)}>{t('intake.show')}</ButtonLink>
          <Button kind="secondary" onClick={() => { setDone(null); setTried(false); renew(); send.clear(); setKnown(null); setSibling(null); setValues({ ...EMPTY_INTAKE, received: values.received }) }}>{t('intake.next')}</Button>
        </div>
      </Page>
    )
  }
  return (
    <Page title={t('intake.title')} lead={t('intake.lead')}>
      <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
        <ErrorSummary errors={namedSummary(errors, labels)} problem={known && send.error?.code === 'intake.known_child' ? null : send.error ?? seek.error} />
        {known && <KnownPart known={known} onChange={(next) => { renew(); setKnown(next) }} error={errors['child_id']} />}
        <DateField id="received_at" label={t('intake.received')} hint={t('intake.receivedHint')} value={values.received} onChange={(received) => set({ received })} error={errors['received_at']} />
        <GuardianPart values={values} set={set} errors={errors} />
        <ChildPart values={values} set={set} errors={errors} />
        {!sameChild && <SiblingPart first={values.first} last={values.last} found={sibling} onChange={(next) => { renew(); setSibling(next) }} error={errors['sibling_of']} />}
        <CarePart values={values} set={set} errors={errors} />
        <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('intake.send')}</Button></div>
      </form>
    </Page>
  )
}
