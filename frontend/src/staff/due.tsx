import type { JSX } from 'react'
import { Icon } from '../ui'
import { useFormat } from './format'

/** A deadline: the date, how far it is, and a picture when it is near or past. */
export function Due({ on }: { on: string | null }): JSX.Element {
  const format = useFormat()
  if (!on) return <span>–</span>
  const tone = format.isOver(on) ? 'danger' : format.isSoon(on) ? 'warning' : 'neutral'
  return (
    <span className="kp-due">
      {tone !== 'neutral' && <span className={`kp-tone-${tone}`}><Icon name={tone === 'danger' ? 'danger' : 'clock'} size={16} /></span>}
      <span><span className="kp-num">{format.date(on)}</span> <span className="kp-due__rest">{format.due(on)}</span></span>
    </span>
  )
}
