import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryItem, PreferenceState, RefuseReason } from '../../api/types'
import { useWords } from '../../lib/words'
import { useFormat } from '../../staff'
import { useStaffState } from './words'

const REASONS: readonly string[] = ['no_place', 'age', 'hours', 'residence', 'group_mix', 'criteria', 'other']

/** What happened to a preference, newest first. */
export function History({ items }: { items: HistoryItem[] }): JSX.Element {
  const { t, i18n } = useTranslation('work')
  const format = useFormat()
  const words = useWords()
  const state = useStaffState()
  if (items.length === 0) return <p className="kern-body">{t('case.noHistory')}</p>
  const say = (word: string | null) =>
    word && i18n.exists(`common:preferenceState.${word}`) ? state(word as PreferenceState) : (word ?? '')
  return (
    <ol className="kp-events">
      {[...items].sort((a, b) => b.at.localeCompare(a.at)).map((item) => (
        <li key={item.at + item.kind + (item.to ?? '')}>
          <span className="kp-muted kp-num">{format.dateTime(item.at)}</span><br />
          {item.to ? <strong>{say(item.to)}</strong> : item.kind}
          {item.reason && <> – {REASONS.includes(item.reason) ? words.refuseReason(item.reason as RefuseReason) : item.reason}</>}
        </li>
      ))}
    </ol>
  )
}
