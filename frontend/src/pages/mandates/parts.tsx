import type { JSX, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mandate, MandateState } from '../../api/mandate-types'
import { formatDate, type DateParts } from '../../lib/dates'
import { Badge, Card, Checkbox, DateField, Facts, Fieldset, RadioGroup, TextField, type IconName, type Tone } from '../../ui'

const LOOK: Record<MandateState, { tone: Tone | 'neutral'; icon: IconName }> = {
  offered: { tone: 'info', icon: 'mail' },
  active: { tone: 'success', icon: 'check-circle' },
  expired: { tone: 'neutral', icon: 'clock' },
  ended: { tone: 'neutral', icon: 'x-circle' },
}

/** One mandate: who, what, for whom, how long, and what can be done with it. */
export function MandateCard({ mandate, title, level = 3, seenBy, children }: { mandate: Mandate; title: string; level?: 2 | 3; seenBy: 'family' | 'holder' | 'office'; children?: ReactNode }): JSX.Element {
  const { t, i18n } = useTranslation('mandates')
  return (
    <Card as="li" level={level} title={<span className="kp-row kp-row--between"><span>{title}</span><Badge {...LOOK[mandate.state]}>{t(`state.${mandate.state}`)}</Badge></span>}>
      <Facts items={[
        { id: 'scope', term: t(seenBy === 'holder' ? 'scopeMine' : 'scope'), value: t(!mandate.may_act ? 'look' : seenBy === 'family' ? 'act' : 'actFor') },
        { id: 'children', term: t('children'), value: mandate.children.map((child) => child.label).join(', ') || '–' },
        { id: 'until', term: t('until'), value: formatDate(mandate.valid_until, i18n.language) },
        ...(mandate.on_paper ? [{ id: 'paper', term: t('how'), value: t('paper') }] : []),
        ...(mandate.ended_at ? [{ id: 'ended', term: t('endedAt'), value: t(`endedBy.${mandate.ended_by ?? 'family'}`, { date: formatDate(mandate.ended_at.slice(0, 10), i18n.language) }) }] : []),
      ]} />
      {children}
    </Card>
  )
}

export type Draft = { name: string; email: string; scope: 'look' | 'act' | ''; until: DateParts; child_ids: string[] }

/** The fields of a mandate, the same for a family and for the office that has it on paper. */
export function MandateFields({ values, errors, options, onChange, office = false }: { values: Draft; errors: Record<string, string>; options: { id: string; label: string }[]; onChange: (patch: Partial<Draft>) => void; office?: boolean }): JSX.Element {
  const { t } = useTranslation('mandates')
  const toggle = (id: string, on: boolean) => onChange({ child_ids: on ? [...values.child_ids, id] : values.child_ids.filter((other) => other !== id) })
  return (
    <>
      <TextField id="name" label={t('name')} hint={t('nameHint')} width="md" value={values.name} onChange={(name) => onChange({ name })} error={errors['name']} />
      <TextField id="email" label={t('email')} hint={t('emailHint')} type="email" autoComplete="off" width="md" value={values.email} onChange={(email) => onChange({ email })} error={errors['email']} />
      <RadioGroup<'look' | 'act'> id="may_act" label={t(office ? 'scopeOffice' : 'scopeAsk')} value={values.scope} onChange={(scope) => onChange({ scope })} error={errors['may_act']} options={[{ value: 'look', label: t('look') }, { value: 'act', label: t(office ? 'actFor' : 'act'), hint: t('actHint') }]} />
      {options.length > 0 && (
        <Fieldset id="child_ids" label={t('forChildren')} error={errors['child_ids']}>
          {options.map((child) => <Checkbox key={child.id} label={child.label} checked={values.child_ids.includes(child.id)} onChange={(on) => toggle(child.id, on)} />)}
        </Fieldset>
      )}
      <DateField id="valid_until" label={t('until')} hint={t('untilHint')} value={values.until} onChange={(until) => onChange({ until })} error={errors['valid_until']} />
    </>
  )
}
