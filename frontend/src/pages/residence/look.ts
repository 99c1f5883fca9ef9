import type { GuestState, MoveState } from '../../api/residence-types'
import type { Look } from '../../lib/words'

export const GUEST_LOOK: Record<GuestState, Look> = {
  open: { tone: 'warning', icon: 'warning' },
  asked: { tone: 'info', icon: 'clock' },
  granted: { tone: 'success', icon: 'check' },
  refused: { tone: 'danger', icon: 'x-circle' },
}

export const MOVE_LOOK: Record<MoveState, Look> = {
  announced: { tone: 'info', icon: 'clock' },
  shown: { tone: 'info', icon: 'info' },
  proven: { tone: 'success', icon: 'check' },
  overdue: { tone: 'danger', icon: 'warning' },
}
