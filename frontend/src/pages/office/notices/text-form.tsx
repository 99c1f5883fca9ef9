import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { NoticeText } from '../../../api/notice-types'
import { TextArea, TextField } from '../../../ui'

type Props = { value: NoticeText; errors: Record<string, string | undefined>; at?: string; onChange: (patch: Partial<NoticeText>) => void }

/** The words of a notice or template; `at` is where they stand in the request. */
export function NoticeFields({ value, errors, at = '', onChange }: Props): JSX.Element {
  const { t } = useTranslation('notices')
  return (
    <>
      <TextField id={`${at}title`} label={t('text.title')} maxLength={200} value={value.title} onChange={(title) => onChange({ title })} error={errors[`${at}title`] ?? null} />
      <TextArea id={`${at}decision`} label={t('text.decision')} hint={t('text.decisionHint')} rows={7} maxLength={4000} value={value.decision} onChange={(decision) => onChange({ decision })} error={errors[`${at}decision`] ?? null} />
      <TextArea id={`${at}reasons`} label={t('text.reasons')} hint={t('text.reasonsHint')} rows={12} maxLength={20000} value={value.reasons} onChange={(reasons) => onChange({ reasons })} error={errors[`${at}reasons`] ?? null} />
      <TextArea id={`${at}remedy`} label={t('text.remedy')} hint={t('text.remedyHint')} rows={5} maxLength={4000} value={value.remedy} onChange={(remedy) => onChange({ remedy })} error={errors[`${at}remedy`] ?? null} />
      <TextField id={`${at}objection_months`} label={t('text.months')} hint={t('text.monthsHint')} width="xs" inputMode="numeric" value={value.objection_months ? String(value.objection_months) : ''} onChange={(next) => onChange({ objection_months: Number(next.replace(/\D/g, '')) })} error={errors[`${at}objection_months`] ?? null} />
    </>
  )
}

/** A text by its paragraphs; what is left to be written by hand is marked. */
export function Paragraphs({ text }: { text: string }): JSX.Element {
  return <>{text.split(/\n{2,}/).map((part, n) => <p className="kern-body" key={n}>{part.split(/(\[[^\]]*\])/).map((piece, at) => (piece.startsWith('[') ? <mark key={at}>{piece}</mark> : piece))}</p>)}</>
}
