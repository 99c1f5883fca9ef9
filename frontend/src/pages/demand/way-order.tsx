import { useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { keyOf, useSend } from '../../api/hooks'
import type { Demand } from '../../api/types'
import { useDragOrder } from '../../lib/drag-order'
import { Actions, Button, Icon, IconButton, ProblemView, SaveState, Section, VisuallyHidden, type Saving } from '../../ui'
import { useDemand } from './frame'
import { givesWay, movedWay, rankedWays, useWayText } from './ways'

/**
 * Parents say for each facility when they would rather give way there than have the next one as wished. Each move is stored at once and never
 * waits: an order is one of the stored wishes, and `waits` says that these are about to be others.
 */
export function WayOrder({ waits }: { waits: boolean }): JSX.Element | null {
  const { t } = useTranslation('ways')
  const { t: demandText } = useTranslation('demand')
  const { demand } = useDemand()
  const api = useApi()
  const client = useQueryClient()
  const text = useWayText(demand)
  const [told, setTold] = useState('')
  const [saving, setSaving] = useState<Saving>({ state: 'idle' })
  const [moving, setMoving] = useState<{ ways: string[] | null } | null>(null)
  const newest = useRef<{ ways: string[] | null } | null>(null)
  const queue = useRef(Promise.resolve())
  const path = `/demands/${demand.id}`
  const send = useSend(async (ways: string[] | null) => {
    const { version } = client.getQueryData<Demand>(keyOf(api, path)) ?? demand
    client.setQueryData(keyOf(api, path), await api.patch<Demand>(path, { ways }, { version }))
  })
  const put = (ways: string[] | null) => {
    const order = { ways }
    newest.current = order
    setMoving(order)
    queue.current = queue.current.then(async () => {
      if (newest.current !== order) return
      setSaving({ state: 'saving' })
      const stored = (await send.run(ways))?.ok
      if (!stored) await client.invalidateQueries({ queryKey: keyOf(api, path) })
      setSaving(stored ? { state: 'saved', at: new Date() } : { state: 'failed' })
      if (newest.current === order) setMoving(null)
    })
  }
  const ways = rankedWays(moving ? { ...demand, ways: moving.ways } : demand)
  const move = (from: number, to: number) => {
    const next = movedWay(ways, from, to)
    if (next === ways) return
    put(next.map((way) => way.id))
    setTold(demandText('wishes.moved', { name: next[to]?.facility ?? '', place: to + 1 }))
  }
  const { box, press, grip, dragged, over } = useDragOrder(move)
  // With one wish there is nothing to put before anything else.
  if (!givesWay(demand) || ways.length < 4) return null
  const first = (id: string) => ways.findIndex((way) => way.id === id)
  return (
    <Section title={t('title')}>
      <p className="kern-body">{t('own')}</p>
      <ProblemView problem={send.error} />
      <ol className="kp-wishes" ref={box}>
        {ways.map((way, index) => (
          <li key={`${way.id}-${way.gives}`} className={`kp-wishes__item ${over === index && dragged !== index ? 'is-over' : ''} ${dragged === index ? 'is-dragged' : ''}`}>
            {way.gives && !waits && <span className="kp-wishes__grip" aria-hidden="true" {...grip(index)}><Icon name="grip" /></span>}
            <span className="kp-task__number">{index + 1}</span>
            <span className="kp-wishes__name">{text(way)}</span>
            {way.gives && !waits && (
              <span className="kp-wishes__tools">
                <IconButton icon="up" data-move="up" label={demandText('wishes.up', { name: text(way) })} disabled={index - 1 <= first(way.id)} onClick={() => press(index, index - 1)} />
                <IconButton icon="down" data-move="down" label={demandText('wishes.down', { name: text(way) })} disabled={index === ways.length - 1} onClick={() => press(index, index + 1)} />
              </span>
            )}
          </li>
        ))}
      </ol>
      <div role="status"><VisuallyHidden>{told}</VisuallyHidden></div>
      {demand.ways && !waits && <Actions><Button small kind="tertiary" onClick={() => put(null)}>{t('reset')}</Button></Actions>}
      <SaveState saving={saving} />
    </Section>
  )
}
