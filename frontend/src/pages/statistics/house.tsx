import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import type { CarePlace, Course, Employment, HouseEntry, LegalForm, Person, Position, Qualification, SchoolDegree, Sex, SurveyForm, WorkArea } from '../../api/statistics-types'
import { Button, ErrorSummary, Section, Select, TextField } from '../../ui'
import { namedSummary, useVersioned } from '../../staff'
import { HoursField, Rows, type Errors } from '../work/basis-rows'

const LEGAL_FORMS = ['public_body', 'association', 'company', 'foundation', 'cooperative', 'private', 'other'] as const satisfies readonly LegalForm[]
const SEXES = ['female', 'male', 'diverse', 'unstated'] as const satisfies readonly Sex[]
const QUALIFICATIONS = ['pedagogy_degree', 'other_degree', 'educator', 'remedial_education', 'assistant', 'health', 'other_vocational', 'in_training', 'without'] as const satisfies readonly Qualification[]
const AREAS = ['lead', 'group_lead', 'group', 'cross_group', 'inclusion', 'administration', 'housekeeping'] as const satisfies readonly WorkArea[]
const POSITIONS = ['employee', 'civil_servant', 'recognition', 'training', 'voluntary', 'other'] as const satisfies readonly Position[]
const EMPLOYMENTS = ['permanent', 'fixed_term', 'other'] as const satisfies readonly Employment[]
const SCHOOL_DEGREES = ['without', 'lower', 'middle', 'applied', 'university', 'other'] as const satisfies readonly SchoolDegree[]
const COURSES = ['without', 'running', 'below160', 'from160', 'from300'] as const satisfies readonly Course[]
const PLACES = ['own_home', 'childs_home', 'other_rooms'] as const satisfies readonly CarePlace[]

const nobody = (): Person => ({
  sex: null, birth_month: null, birth_year: null, qualification: null, weekly_minutes: null, area: null, position: null, employment: null, since: null, group_id: null,
  school_degree: null, course: null, place: null,
})

/** A number that may be left open. */
function Count({ id, label, hint, value, onChange, errors, digits }: { id: string; label: string; hint?: string; value: number | null; onChange: (value: number | null) => void; errors: Errors; digits: number }): JSX.Element {
  const read = (text: string) => { const plain = text.replace(/\D/g, ''); onChange(plain ? Number(plain) : null) }
  return <TextField id={id} label={label} {...(hint ? { hint } : {})} width="xs" inputMode="numeric" maxLength={digits} optional="filter" value={value === null ? '' : String(value)} onChange={read} error={errors[id]} />
}

/** A choice that may be left open. */
function Choice<V extends string>({ id, label, value, onChange, options, errors }: { id: string; label: string; value: V | null; onChange: (value: V | null) => void; options: { value: V; label: string }[]; errors: Errors }): JSX.Element {
  const { t } = useTranslation('statistics')
  return <Select<V> id={id} label={label} value={value ?? ''} empty={t('entry.open')} onChange={(one) => onChange(one || null)} options={options} error={errors[id]} />
}

type PersonProps = { at: string; person: Person; set: (patch: Partial<Person>) => void; form: SurveyForm; errors: Errors }

function PersonFields({ at, person, set, form, errors }: PersonProps): JSX.Element {
  const { t } = useTranslation('statistics')
  const isHome = form.part === 'childminding'
  // Of housekeeping and technical staff the survey asks sex and hours alone.
  const full = isHome || person.area !== 'housekeeping'
  return (
    <div className="kp-basis-fields">
      {!isHome && <Choice id={`${at}.area`} label={t('person.area')} value={person.area} onChange={(area) => set({ area })} options={AREAS.map((value) => ({ value, label: t(`area.${value}`) }))} errors={errors} />}
      <Choice id={`${at}.sex`} label={t('person.sex')} value={person.sex} onChange={(sex) => set({ sex })} options={SEXES.map((value) => ({ value, label: t(`sex.${value}`) }))} errors={errors} />
      {!isHome && <HoursField id={`${at}.weekly_minutes`} value={person.weekly_minutes ?? 0} onChange={(minutes) => set({ weekly_minutes: minutes || null })} errors={errors} />}
      {full && (
        <>
          <Count id={`${at}.birth_month`} label={t('person.birthMonth')} digits={2} value={person.birth_month} onChange={(birth_month) => set({ birth_month })} errors={errors} />
          <Count id={`${at}.birth_year`} label={t('person.birthYear')} digits={4} value={person.birth_year} onChange={(birth_year) => set({ birth_year })} errors={errors} />
          <Choice id={`${at}.qualification`} label={t('person.qualification')} value={person.qualification} onChange={(qualification) => set({ qualification })} options={QUALIFICATIONS.map((value) => ({ value, label: t(`qualification.${value}`) }))} errors={errors} />
        </>
      )}
      {full && !isHome && (
        <>
          <Choice id={`${at}.position`} label={t('person.position')} value={person.position} onChange={(position) => set({ position })} options={POSITIONS.map((value) => ({ value, label: t(`position.${value}`) }))} errors={errors} />
          <Choice id={`${at}.employment`} label={t('person.employment')} value={person.employment} onChange={(employment) => set({ employment })} options={EMPLOYMENTS.map((value) => ({ value, label: t(`employment.${value}`) }))} errors={errors} />
          <TextField id={`${at}.since`} type="date" width="md" label={t('person.since')} optional="filter" value={person.since ?? ''} onChange={(since) => set({ since: since || null })} error={errors[`${at}.since`]} />
          {form.groups.length > 0 && <Choice id={`${at}.group_id`} label={t('person.group')} value={person.group_id} onChange={(group_id) => set({ group_id })} options={form.groups.map((group) => ({ value: group.id, label: group.name }))} errors={errors} />}
        </>
      )}
      {isHome && (
        <>
          <Choice id={`${at}.school_degree`} label={t('person.schoolDegree')} value={person.school_degree} onChange={(school_degree) => set({ school_degree })} options={SCHOOL_DEGREES.map((value) => ({ value, label: t(`schoolDegree.${value}`) }))} errors={errors} />
          <Choice id={`${at}.course`} label={t('person.course')} value={person.course} onChange={(course) => set({ course })} options={COURSES.map((value) => ({ value, label: t(`course.${value}`) }))} errors={errors} />
          <Choice id={`${at}.place`} label={t('person.place')} value={person.place} onChange={(place) => set({ place })} options={PLACES.map((value) => ({ value, label: t(`place.${value}`) }))} errors={errors} />
        </>
      )}
    </div>
  )
}

/** What is entered of a facility or childminder for a key date; everything may stay open until it is known. */
export function HouseForm({ path, form: given, onSaved }: { path: string; form: SurveyForm; onSaved: () => Promise<void> }): JSX.Element {
  const { t } = useTranslation('statistics')
  const api = useApi()
  const [isHome] = useState(given.part === 'childminding')
  const form = useVersioned<HouseEntry>({
    start: { value: given.entry, version: given.version },
    save: (value, version) => api.put(path, value, { version }),
    newest: async () => { const now = await api.get<SurveyForm>(path); return { value: now.entry, version: now.version } },
    labels: { legal_form: t('entry.legalForm'), opens_at: t('entry.opens'), closes_at: t('entry.closes'), closing_days: t('entry.closingDays'), persons: t('entry.persons') },
    show: (field, value) => {
      if (field === 'legal_form') return value === null ? '' : t(`legalForm.${value as LegalForm}`)
      if (field === 'persons') return (value as Person[]).map((one) => [one.area && t(`area.${one.area}`), one.qualification && t(`qualification.${one.qualification}`), one.birth_year, one.weekly_minutes && one.weekly_minutes / 60].filter(Boolean).join(', ')).join(' · ')
      return value === null ? '' : String(value as string | number)
    },
    onSaved,
  })
  const { value, set, errors } = form
  const own = value.persons[0] ?? nobody()
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, {})} problem={form.problem} />
      {isHome
        ? (
          <Section title={t('entry.childminder')}>
            <p className="kern-body">{t('entry.childminderText')}</p>
            <PersonFields at="persons.0" person={own} set={(patch) => set({ persons: [{ ...own, ...patch }, ...value.persons.slice(1)] })} form={given} errors={errors} />
          </Section>
        )
        : (
          <>
            <Section title={t('entry.house')}>
              <div className="kp-basis-fields">
                <Choice id="legal_form" label={t('entry.legalForm')} value={value.legal_form} onChange={(legal_form) => set({ legal_form })} options={LEGAL_FORMS.map((one) => ({ value: one, label: t(`legalForm.${one}`) }))} errors={errors} />
                <TextField id="opens_at" type="time" width="sm" label={t('entry.opens')} optional="filter" value={value.opens_at?.slice(0, 5) ?? ''} onChange={(at) => set({ opens_at: at ? `${at}:00` : null })} error={errors['opens_at']} />
                <TextField id="closes_at" type="time" width="sm" label={t('entry.closes')} optional="filter" value={value.closes_at?.slice(0, 5) ?? ''} onChange={(at) => set({ closes_at: at ? `${at}:00` : null })} error={errors['closes_at']} />
                <Count id="closing_days" label={t('entry.closingDays')} digits={3} value={value.closing_days} onChange={(closing_days) => set({ closing_days })} errors={errors} />
              </div>
            </Section>
            <Section title={t('entry.persons')}>
              <p className="kern-body">{t('entry.personsText')}</p>
              <Rows
                rows={value.persons} onChange={(persons) => set({ persons })} blank={nobody} add={t('entry.addPerson')} label={(n) => t('entry.person', { n })}
                render={(person, edit, n) => <PersonFields at={`persons.${n}`} person={person} set={edit} form={given} errors={errors} />}
              />
            </Section>
          </>
        )}
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('entry.save')}</Button></div>
    </form>
  )
}
