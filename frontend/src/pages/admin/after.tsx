import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet, useRefresh } from '../../api/hooks'
import type { AfterSettings, SettingsBody } from '../../api/types'
import { ErrorState, Page, RadioGroup, Skeleton } from '../../ui'
import { useUndo } from '../../staff'
import { monthDay, MonthDay, toMonthDay } from './month-day'
import { RulePreview } from '../aftercare/rule'
import { SettingsGroup } from './settings-group'

const NUMBERS = ['contract_notice_months', 'contract_notice_not_last_months', 'signature_reminder_days', 'followup_months_ahead', 'swap_answer_days'] as const
const KEY_DAY = 'settings.after.school_key_day'

function Form({ body, onSaved }: { body: SettingsBody; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const { t: contracts } = useTranslation('contracts')
  const { after } = body.current.settings
  const [keyDay, setKeyDay] = useState(monthDay(after.school_key_day))
  const [consent, setConsent] = useState<AfterSettings['guest_consent']>(after.guest_consent)
  const [noticeTo, setNoticeTo] = useState<AfterSettings['contract_notice_to']>(after.contract_notice_to)
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, { label: t(`settings.field.${name}`), hint: t(`settings.hint.${name}`) }])) as Record<(typeof NUMBERS)[number], { label: string; hint: string }>
  const said = Boolean(keyDay.day || keyDay.month)
  const school_key_day = said ? toMonthDay(keyDay) : null
  return (
    <SettingsGroup
      body={body}
      group="after"
      numbers={numbers}
      onSaved={onSaved}
      more={{
        values: { school_key_day, guest_consent: consent, contract_notice_to: noticeTo },
        labels: { [KEY_DAY]: t('settings.field.school_key_day') },
        errors: said && !school_key_day ? { [KEY_DAY]: t('settings.needDay') } : {},
        fields: (errors) => (
          <>
            <RadioGroup label={t('settings.field.contract_notice_to')} value={noticeTo} onChange={setNoticeTo} options={(['month', 'quarter', 'kita_year'] as const).map((value) => ({ value, label: contracts(`templates.noticeTos.${value}`) }))} />
            <MonthDay id={KEY_DAY} label={t('settings.field.school_key_day')} hint={t('settings.hint.school_key_day')} optional value={keyDay} onChange={setKeyDay} error={errors[KEY_DAY]} />
            {school_key_day !== after.school_key_day && (school_key_day || !said) && <RulePreview keyDay={school_key_day} kitaYearStart={body.current.settings.kita_year_start} />}
            <RadioGroup label={t('settings.field.guest_consent')} value={consent} onChange={setConsent} options={(['noted', 'required'] as const).map((value) => ({ value, label: t(`settings.consent.${value}`) }))} />
          </>
        ),
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
      {query.data && <Form key={query.data.version} body={query.data} onSaved={() => { offer(admin('group.saved')); void refresh('/admin/settings') }} />}
      {bar}
    </Page>
  )
}
