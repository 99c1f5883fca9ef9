import { useTranslation } from 'react-i18next'
import type { ToldBy } from '../api/types'

/** The words of a history; apart from the others, because no first page has one. */
export function useHistoryWords() {
  const { t, i18n } = useTranslation('history')
  const known = (key: string): string | null => (i18n.exists(key) ? String(i18n.t(key as never)) : null)
  return {
    /** What happened without a change of state. */
    kind: (kind: string) => known(`history:kind.${kind}`),
    /** What a family without an account said, on which day, and in which way. */
    told: (said: string, on: string, by: ToldBy) => t('told.line', { said: t(`told.said.${said as 'accepted'}`), on, by: t(`told.by.${by}`) }),
    /** The ground that stands in a history: a word of ours where it is one of a list, else what somebody wrote. */
    ground: (kind: string, ground: string) => {
      const list = { told: 'history:told.said', refuse: 'common:refuseReason', declined: 'common:declineReason', decline: 'common:declineReason' }[kind]
      const key = kind === 'siblings_answered' ? `history:told.said.siblings_${ground}` : list && `${list}.${ground}`
      return (key && known(key)) || ground
    },
  }
}
