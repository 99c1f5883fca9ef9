import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useDragOrder } from '../../lib/drag-order'
import { Button, Icon, IconButton, SaveState, Section, VisuallyHidden } from '../../ui'
import { useDemand } from './frame'
import { givesWay, movedWay, rankedWays, useWayText } from './ways'

/** Parents say for each facility when they would rather give way there than have the next one as wished. */
export function WayOrder(): JSX.Element | null {
  const { t } = useTranslation('ways')
  const { t: demandText } = useTranslation('demand')
  const { demand, save } = useDemand()
  const text = useWayText(demand)
  const [told, setTold] = useState('')
  const ways = rankedWays(demand)
  const move = (from: number, to: number) => {
    const next = movedWay(ways, from, to)
    if (next === ways) return
    save.change({ ways: next.map((way) => way.id) })
    setTold(demandText('wishes.moved', { name: next[to]?.facility ?? '', place: to + 1 }))
  }
  const { box, press, grip, dragged, over } = useDragOrder(move)
  // With one wish there is nothing to put before anything else.
  if (!givesWay(demand) || ways.length < 4) return null
  const first = (id: string) => ways.findIndex((way) => way.id === id)
  return (
    <Section title={t('title')}>
      <p className="kern-body">{t('own')}</p>
      <ol className="kp-wishes" ref={box}>
        {ways.map((way, index) => (
          <li key={`${way.id}-${way.gives}`} className={`kp-wishes__item ${over === index && dragged !== index ? 'is-over' : ''} ${dragged === index ? 'is-dragged' : ''}`}>
            {way.gives && <span className="kp-wishes__grip" aria-hidden="true" {...grip(index)}><Icon name="grip" /></span>}
            <span className="kp-task__number">{index + 1}</span>
            <span className="kp-wishes__name">{text(way)}</span>
            {way.gives && (
              <span className="kp-wishes__tools">
                <IconButton icon="up" data-move="up" label={demandText('wishes.up', { name: text(way) })} disabled={index - 1 <= first(way.id)} onClick={() => press(index, index - 1)} />
                <IconButton icon="down" data-move="down" label={demandText('wishes.down', { name: text(way) })} disabled={index === ways.length - 1} onClick={() => press(index, index + 1)} />
              </span>
            )}
          </li>
        ))}
      </ol>
      <div role="status"><VisuallyHidden>{told}</VisuallyHidden></div>
      {demand.ways && <Button small kind="tertiary" onClick={() => save.change({ ways: null })}>{t('reset')}</Button>}
      <SaveState saving={save.saving} />
    </Section>
  )
}
