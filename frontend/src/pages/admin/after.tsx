import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet, useRefresh } from '../../api/hooks'
import type { AfterSettings, SettingsBody } from '../../api/types'
import type { DateParts } from '../../lib/dates'
import { ErrorState, Page, RadioGroup, Skeleton } from '../../ui'
import { EarlierVersions, useUndo } from '../../staff'
import { monthDay, MonthDay, toMonthDay } from './month-day'
import { RulePreview } from '../aftercare/rule'
import { SettingsGroup } from './settings-group'

const NUMBERS = ['contract_notice_months', 'contract_notice_not_last_months', 'signature_reminder_days', 'followup_months_ahead', 'swap_answer_days'] as const
const KEY_DAY = 'settings.after.school_key_day'

type Typed = { school_key_day: DateParts; guest_consent: AfterSettings['guest_consent']; contract_notice_to: AfterSettings['contract_notice_to'] }

function Form({ body, onSaved }: { body: SettingsBody; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const { t: contracts } = useTranslation('contracts')
  const { after } = body.current.settings
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, { label: t(`settings.field.${name}`), hint: t(`settings.hint.${name}`) }])) as Record<(typeof NUMBERS)[number], { label: string; hint: string }>
  const said = ({ school_key_day: day }: Typed) => Boolean(day.day || day.month)
  const dayOf = (typed: Typed) => (said(typed) ? toMonthDay(typed.school_key_day) : null)
  const noticeTo = (value: Typed['contract_notice_to']) => contracts(`templates.noticeTos.${value}`)
  const consent = (value: Typed['guest_consent']) => t(`settings.consent.${value}`)
  return (
    <SettingsGroup<'after', Typed>
      body={body}
      group="after"
      numbers={numbers}
      onSaved={onSaved}
      more={{
        start: (settings) => ({ school_key_day: monthDay(settings.school_key_day), guest_consent: settings.guest_consent, contract_notice_to: settings.contract_notice_to }),
        values: (typed) => ({ school_key_day: dayOf(typed), guest_consent: typed.guest_consent, contract_notice_to: typed.contract_notice_to }),
        labels: { school_key_day: t('settings.field.school_key_day'), guest_consent: t('settings.field.guest_consent'), contract_notice_to: t('settings.field.contract_notice_to') },
        show: (field, typed) => {
          if (field === 'guest_consent') return consent(typed.guest_consent)
          if (field === 'contract_notice_to') return noticeTo(typed.contract_notice_to)
          return said(typed) ? `${typed.school_key_day.day}.${typed.school_key_day.month}.` : ''
        },
        errors: (typed): Record<string, string> => (said(typed) && !dayOf(typed) ? { [KEY_DAY]: t('settings.needDay') } : {}),
        fields: (typed, set, errors) => {
          const day = dayOf(typed)
          return (
            <>
              <RadioGroup label={t('settings.field.contract_notice_to')} value={typed.contract_notice_to} onChange={(contract_notice_to) => set({ contract_notice_to })} options={(['month', 'quarter', 'kita_year'] as const).map((value) => ({ value, label: noticeTo(value) }))} />
              <MonthDay id={KEY_DAY} label={t('settings.field.school_key_day')} hint={t('settings.hint.school_key_day')} optional value={typed.school_key_day} onChange={(school_key_day) => set({ school_key_day })} error={errors[KEY_DAY]} />
              {day !== after.school_key_day && (day || !said(typed)) && <RulePreview keyDay={day} kitaYearStart={body.current.settings.kita_year_start} />}
              <RadioGroup label={t('settings.field.guest_consent')} value={typed.guest_consent} onChange={(guest_consent) => set({ guest_consent })} options={(['noted', 'required'] as const).map((value) => ({ value, label: consent(value) }))} />
            </>
          )
        },
      }}
    />
  )
}

/** What a municipality sets for contracts and the time after them. */
export function AfterSettingsPage(): JSX.Element {
  const { t } = useTranslation('aftercare')
  const { t: admin } = useTranslation('admin')
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const query = useGet<SettingsBody>('/admin/settings')
  return (
    <Page title={t('settings.title')} lead={t('settings.lead')}>
      {query.isPending && <Skeleton lines={6} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Form body={query.data} onSaved={() => { offer(admin('group.saved')); void refresh('/admin/settings', '/admin/versions') }} />}
      <EarlierVersions query={{ kind: 'settings' }} group="after" />
      {bar}
    </Page>
  )
}
