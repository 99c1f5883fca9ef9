import { useTranslation } from 'react-i18next'
import type { CaseFileEvent } from '../../../api/notice-types'

/** What happened, in words: by subject and kind, and for steps of demands and wishes by the state after. */
export function useEventWords(): (event: CaseFileEvent) => string {
  const { t, i18n } = useTranslation(['file', 'history'])
  const say = (key: string) => (i18n.exists(key) ? String(i18n.t(key as never)) : null)
  return (event) => {
    switch (event.subject) {
      case 'demand':
        return say(`history:kind.${event.kind}`) ?? say(`common:demandState.${event.state ?? ''}`) ?? event.kind
      case 'preference':
        return t('event.preference', { state: say(`common:preferenceState.${event.state ?? ''}`) ?? event.kind })
      case 'offer':
        return say(`file:offer.${event.kind}`) ?? event.kind
      case 'notice':
        return t('event.notice', { kind: say(`notices:kind.${event.state ?? ''}`) ?? '', step: say(`file:notice.${event.kind}`) ?? event.kind })
      case 'mail':
      case 'letter':
        return t(event.subject === 'mail' ? 'event.mail' : 'event.letter', { kind: say(`office:kind.${event.kind}`) ?? event.kind, state: say(`file:sending.${event.state ?? ''}`) ?? '' })
      case 'register':
        return t('event.register', { result: say(`file:result.${event.state ?? ''}`) ?? '' })
      case 'contract':
        return event.kind === 'change_sent' ? t('event.contractChangeSent') : event.kind === 'change_agreed' ? t('event.contractChangeAgreed') : t('event.contract')
      default:
        return event.kind === 'ended' ? t('event.custodyEnded') : t('event.custodyBegan')
    }
  }
}

/** Who did it, by role. */
export function useRoleWords(): (role: string) => string {
  const { t, i18n } = useTranslation(['file', 'history'])
  return (role) => {
    if (role === 'system') return t('by.system')
    if (role === 'staff') return t('by.staff')
    if (role === 'anonymous') return t('by.link')
    return i18n.exists(`common:role.${role}`) ? String(i18n.t(`common:role.${role}` as never)) : role
  }
}
