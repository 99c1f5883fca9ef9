import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { CareGroup, Closure, StaffHours } from '../../api/places-types'
import { today } from '../../lib/dates'
import { TextField } from '../../ui'
import { HoursField, NumberField, Rows, ValidityFields, type Errors } from './basis-rows'

type Props<T> = { at: string; rows: T[]; onChange: (rows: T[]) => void; errors: Errors }

/** Hours of qualified staff, without names. */
export function StaffRows({ at, rows, onChange, errors }: Props<StaffHours>): JSX.Element {
  const { t } = useTranslation('places')
  return (
    <Rows
      rows={rows} onChange={onChange} blank={() => ({ weekly_minutes: 0, valid_from: today(), valid_to: null })} add={t('basis.addStaff')} label={(n) => t('basis.staffOf', { n })}
      render={(row, edit, n) => (
        <div className="kp-basis-fields">
          <HoursField id={`${at}.${n}.weekly_minutes`} value={row.weekly_minutes} onChange={(weekly_minutes) => edit({ weekly_minutes })} errors={errors} />
          <ValidityFields at={`${at}.${n}`} row={row} set={edit} errors={errors} />
        </div>
      )}
    />
  )
}

/** When the facility or a group is closed. */
export function ClosureRows({ at, rows, onChange, errors }: Props<Closure>): JSX.Element {
  const { t } = useTranslation('places')
  return (
    <Rows
      rows={rows} onChange={onChange} blank={() => ({ reason: '', valid_from: today(), valid_to: null })} add={t('basis.addClosure')} label={(n) => t('basis.closure', { n })}
      render={(row, edit, n) => (
        <div className="kp-basis-fields">
          <TextField id={`${at}.${n}.reason`} label={t('basis.reason')} maxLength={200} value={row.reason} onChange={(reason) => edit({ reason })} error={errors[`${at}.${n}.reason`]} />
          <ValidityFields at={`${at}.${n}`} row={row} set={edit} errors={errors} />
        </div>
      )}
    />
  )
}

const blankGroup = (): CareGroup => ({
  id: null, name: '', age_from_months: 36, age_to_months: 84, under3: 0, over3: 0, school_age: 0, opens_at: null, closes_at: null,
  valid_from: today(), valid_to: null, staff: [], closures: [],
})

/** Groups with ages, places, hours, their own staff and closures. */
export function GroupRows({ rows, onChange, errors }: Omit<Props<CareGroup>, 'at'>): JSX.Element {
  const { t } = useTranslation('places')
  return (
    <Rows
      rows={rows} onChange={onChange} blank={blankGroup} add={t('basis.addGroup')} label={(n) => rows[n - 1]?.name || t('basis.group', { n })}
      render={(group, edit, n) => {
        const at = `groups.${n}`
        return (
          <>
            <div className="kp-basis-fields">
              <TextField id={`${at}.name`} label={t('basis.name')} maxLength={100} value={group.name} onChange={(name) => edit({ name })} error={errors[`${at}.name`]} />
              <NumberField id={`${at}.age_from_months`} label={t('basis.ageFrom')} value={group.age_from_months} onChange={(age_from_months) => edit({ age_from_months })} errors={errors} />
              <NumberField id={`${at}.age_to_months`} label={t('basis.ageTo')} value={group.age_to_months} onChange={(age_to_months) => edit({ age_to_months })} errors={errors} />
            </div>
            <div className="kp-basis-fields">
              <NumberField id={`${at}.under3`} label={t('basis.under3')} value={group.under3} onChange={(under3) => edit({ under3 })} errors={errors} />
              <NumberField id={`${at}.over3`} label={t('basis.over3')} value={group.over3} onChange={(over3) => edit({ over3 })} errors={errors} />
              <NumberField id={`${at}.school_age`} label={t('basis.schoolAge')} value={group.school_age} onChange={(school_age) => edit({ school_age })} errors={errors} />
            </div>
            <div className="kp-basis-fields">
              <TextField id={`${at}.opens_at`} type="time" width="sm" label={t('basis.opens')} optional value={group.opens_at?.slice(0, 5) ?? ''} onChange={(value) => edit({ opens_at: value ? `${value}:00` : null })} error={errors[`${at}.opens_at`]} />
              <TextField id={`${at}.closes_at`} type="time" width="sm" label={t('basis.closes')} optional value={group.closes_at?.slice(0, 5) ?? ''} onChange={(value) => edit({ closes_at: value ? `${value}:00` : null })} error={errors[`${at}.closes_at`]} />
              <ValidityFields at={at} row={group} set={edit} errors={errors} />
            </div>
            <details className="kp-details" open={group.staff.length + group.closures.length > 0}>
              <summary>{t('basis.groupMore')}</summary>
              <StaffRows at={`${at}.staff`} rows={group.staff} onChange={(staff) => edit({ staff })} errors={errors} />
              <ClosureRows at={`${at}.closures`} rows={group.closures} onChange={(closures) => edit({ closures })} errors={errors} />
            </details>
          </>
        )
      }}
    />
  )
}
