import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh } from '../../api/hooks'
import type { Basis, BasisBody, PermitPlaces } from '../../api/places-types'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, Button, ErrorState, ErrorSummary, Lines, Page, Section, Select, Skeleton, TextField } from '../../ui'
import { EarlierVersions, FacilityPicker, namedSummary, useFormat, useUndo, useVersioned, type Picked } from '../../staff'
import { NumberField, Rows, ValidityFields, type Errors } from './basis-rows'
import { useBasisLines } from './basis-words'
import { ClosureRows, GroupRows, StaffRows } from './basis-groups'

export const BANDS = ['under3', 'over3', 'school_age'] as const
const CARE_TYPES = ['nursery', 'kindergarten', 'after_school', 'mixed_age'] as const

type PartProps = { value: Basis; set: (patch: Partial<Basis>) => void; errors: Errors }

function Permits({ value, set, errors }: PartProps): JSX.Element {
  const { t } = useTranslation('places')
  const words = useWords()
  const blank = () => ({ reference: null, valid_from: today(), valid_to: null, places: [{ care_type: 'kindergarten' as const, age_band: 'over3' as const, places: 0 }] })
  return (
    <Rows
      rows={value.permits} onChange={(permits) => set({ permits })} blank={blank} add={t('basis.addPermit')} label={(n) => t('basis.permit', { n })}
      render={(permit, edit, n) => (
        <>
          <div className="kp-basis-fields">
            <TextField id={`permits.${n}.reference`} label={t('basis.reference')} optional maxLength={100} value={permit.reference ?? ''} onChange={(reference) => edit({ reference })} error={errors[`permits.${n}.reference`]} />
            <ValidityFields at={`permits.${n}`} row={permit} set={edit} errors={errors} />
          </div>
          <Rows
            rows={permit.places} onChange={(places) => edit({ places })} blank={(): PermitPlaces => ({ care_type: 'nursery', age_band: 'under3', places: 0 })} add={t('basis.addPlaces')} label={(k) => t('basis.placesOf', { n: k })}
            render={(line, change, k) => (
              <div className="kp-basis-fields">
                <Select label={t('basis.careType')} value={line.care_type} onChange={(care_type) => change({ care_type })} options={CARE_TYPES.map((one) => ({ value: one, label: words.careType(one) }))} />
                <Select id={`permits.${n}.places.${k}.age_band`} label={t('basis.band')} value={line.age_band} onChange={(age_band) => change({ age_band })} options={BANDS.map((one) => ({ value: one, label: words.ageBand(one) }))} error={errors[`permits.${n}.places.${k}.age_band`]} />
                <NumberField id={`permits.${n}.places.${k}.places`} label={t('basis.places')} value={line.places} onChange={(places) => change({ places })} errors={errors} />
              </div>
            )}
          />
        </>
      )}
    />
  )
}

function Contingents({ value, set, errors }: PartProps): JSX.Element {
  const { t } = useTranslation('places')
  const words = useWords()
  return (
    <Rows
      rows={value.contingents} onChange={(contingents) => set({ contingents })} blank={() => ({ age_band: 'over3' as const, places: 1, purpose: '', valid_from: today(), valid_to: '' })} add={t('basis.addContingent')} label={(n) => t('basis.contingent', { n })}
      render={(row, edit, n) => (
        <div className="kp-basis-fields">
          <Select label={t('basis.band')} value={row.age_band} onChange={(age_band) => edit({ age_band })} options={BANDS.map((one) => ({ value: one, label: words.ageBand(one) }))} />
          <NumberField id={`contingents.${n}.places`} label={t('basis.places')} value={row.places} onChange={(places) => edit({ places })} errors={errors} />
          <TextField id={`contingents.${n}.purpose`} label={t('basis.purpose')} hint={t('basis.purposeHint')} maxLength={500} value={row.purpose} onChange={(purpose) => edit({ purpose })} error={errors[`contingents.${n}.purpose`]} />
          <ValidityFields at={`contingents.${n}`} row={row} set={(patch) => edit({ ...(patch.valid_from === undefined ? {} : { valid_from: patch.valid_from }), ...('valid_to' in patch ? { valid_to: patch.valid_to ?? '' } : {}) })} errors={errors} open={false} />
        </div>
      )}
    />
  )
}

/** Dates that a browser leaves empty would be no dates to the server: they are named here. */
function missingDates(basis: Basis, word: string): Errors {
  const errors: Errors = {}
  const need = (at: string, row: { valid_from: string }) => { if (!row.valid_from) errors[`${at}.valid_from`] = word }
  basis.permits.forEach((row, n) => need(`permits.${n}`, row))
  basis.staff.forEach((row, n) => need(`staff.${n}`, row))
  basis.closures.forEach((row, n) => need(`closures.${n}`, row))
  basis.groups.forEach((row, n) => {
    need(`groups.${n}`, row)
    row.staff.forEach((one, k) => need(`groups.${n}.staff.${k}`, one))
    row.closures.forEach((one, k) => need(`groups.${n}.closures.${k}`, one))
  })
  basis.contingents.forEach((row, n) => {
    need(`contingents.${n}`, row)
    if (!row.valid_to) errors[`contingents.${n}.valid_to`] = word
  })
  return errors
}

function BasisForm({ body, onSaved }: { body: BasisBody; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('places')
  const api = useApi()
  const [tried, setTried] = useState(false)
  const basisLines = useBasisLines()
  // A picked substitute is known by name; of a stored one the name stands beside its id.
  const [picked, setPicked] = useState<Picked | null>(null)
  const [names, setNames] = useState<Record<string, string>>({})
  const nameOf = (id: string | null) => (id === null ? '' : picked?.id === id ? picked.name : (id === body.basis.substitute_id ? body.substitute_name : names[id]) ?? '')
  const path = `/staff/facilities/${body.facility_id}/basis`
  const form = useVersioned<Basis>({
    start: { value: body.basis, version: body.version },
    save: (value, version) => api.put(path, value, { version }),
    newest: async () => { const now = await api.get<BasisBody>(path); if (now.basis.substitute_id) setNames({ [now.basis.substitute_id]: now.substitute_name ?? '' }); return { value: now.basis, version: now.version } },
    labels: { permits: t('basis.permits'), groups: t('basis.groups'), staff: t('basis.staff'), closures: t('basis.closures'), contingents: t('basis.contingents'), ...(body.childminder ? { substitute_id: t('basis.substitute') } : {}) },
    show: (field, value, other) => (typeof value === 'string' || value === null ? nameOf(value) : <Lines own={basisLines(field, value)} other={basisLines(field, other as typeof value)} />),
    onSaved,
  })
  const own = missingDates(form.value, t('basis.needDate'))
  const errors: Errors = { ...form.errors, ...(tried ? own : {}) }
  const part: PartProps = { value: form.value, set: form.set, errors }
  const submit = () => { setTried(true); if (Object.keys(own).length === 0) void form.submit() }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, {})} problem={form.problem} />
      <Section title={t('basis.permits')}><p className="kern-body">{t('basis.permitsText')}</p><Permits {...part} /></Section>
      <Section title={t('basis.staff')}>
        <p className="kern-body">{body.staffing_key ? t('basis.staffText', { key: body.staffing_key }) : t('basis.staffNoKey')}</p>
        <StaffRows at="staff" rows={form.value.staff} onChange={(staff) => form.set({ staff })} errors={errors} />
      </Section>
      <Section title={t('basis.groups')}><p className="kern-body">{t('basis.groupsText')}</p><GroupRows rows={form.value.groups} onChange={(groups) => form.set({ groups })} errors={errors} /></Section>
      <Section title={t('basis.closures')}><p className="kern-body">{t('basis.closuresText')}</p><ClosureRows at="closures" rows={form.value.closures} onChange={(closures) => form.set({ closures })} errors={errors} /></Section>
      <Section title={t('basis.contingents')}><p className="kern-body">{t('basis.contingentsText')}</p><Contingents {...part} /></Section>
      {body.childminder && (
        <Section title={t('basis.substitute')}>
          <FacilityPicker id="substitute_id" label={t('basis.substituteLabel')} hint={t('basis.substituteHint')} optional value={form.value.substitute_id ? { id: form.value.substitute_id, name: nameOf(form.value.substitute_id) } : null} onChange={(next) => { setPicked(next); form.set({ substitute_id: next?.id ?? null }) }} error={errors['substitute_id']} />
        </Section>
      )}
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('basis.save')}</Button></div>
    </form>
  )
}

/** What a facility's places rest on: permits, staff, groups, closures, contingents. */
export function BasisPage(): JSX.Element {
  const { t } = useTranslation('places')
  const { facility = '' } = useParams()
  const to = useTo()
  const format = useFormat()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const query = useGet<BasisBody>(`/staff/facilities/${facility}/basis`)
  const facilities = useGet<Items<MyFacility>>('/staff/facilities')
  const name = facilities.data?.items.find((entry) => entry.id === facility)?.name
  const body = query.data
  return (
    <Page title={name ? t('basis.titleOf', { facility: name }) : t('basis.title')} lead={t('basis.lead')} width="full" back={{ to: to(`/arbeit/kapazitaet/${facility}`), label: t('basis.back') }}>
      {query.isPending && <Skeleton blocks={3} lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {body?.childminder && (
        <Alert tone="info" title={t('basis.childminder')}>
          {body.licences.length === 0 && t('basis.noLicence')}
          {body.licences.length > 0 && (
            <>
              <ul className="kern-body">{body.licences.map((one) => <li key={one.valid_from}>{t('basis.licence', { from: format.date(one.valid_from), to: format.date(one.valid_to), count: one.places })}</li>)}</ul>
              <p className="kern-body">{t('basis.licenceEnds')}</p>
            </>
          )}
        </Alert>
      )}
      {body && <BasisForm key={body.facility_id} body={body} onSaved={async () => { offer(t('basis.saved')); await refresh('/staff') }} />}
      {body && <EarlierVersions path={`/staff/facilities/${facility}/basis/versions`} />}
      {bar}
    </Page>
  )
}
