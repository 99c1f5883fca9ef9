import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useDragOrder } from '../../lib/drag-order'
import { Icon, IconButton, VisuallyHidden } from '../../ui'
import { moved, type Wished } from './preferences'

type Props = { wishes: Wished[]; ranked: boolean; onChange: (wishes: Wished[]) => void; onRemove: (wish: Wished) => void }

/** Wishes in their order: buttons move them for everybody, dragging moves them for those who like it. */
export function WishList({ wishes, ranked, onChange, onRemove }: Props): JSX.Element {
  const { t } = useTranslation('demand')
  const [told, setTold] = useState('')
  const move = (from: number, to: number) => {
    const wish = wishes[from]
    if (!wish || to < 0 || to >= wishes.length || from === to) return
    onChange(moved(wishes, from, to))
    setTold(t('wishes.moved', { name: wish.name, place: to + 1 }))
  }
  const { box, press, grip, dragged, over } = useDragOrder(move)
  return (
    <>
      <ol className="kp-wishes" ref={box}>
        {wishes.map((wish, index) => (
          <li
            key={wish.id}
            className={`kp-wishes__item ${over === index && dragged !== index ? 'is-over' : ''} ${dragged === index ? 'is-dragged' : ''}`}
          >
            {ranked && <span className="kp-wishes__grip" aria-hidden="true" {...grip(index)}><Icon name="grip" /></span>}
            {ranked && <span className="kp-task__number">{index + 1}</span>}
            <span className="kp-wishes__name">{wish.name}</span>
            <span className="kp-wishes__tools">
              {ranked && <IconButton icon="up" data-move="up" label={t('wishes.up', { name: wish.name })} disabled={index === 0} onClick={() => press(index, index - 1)} />}
              {ranked && <IconButton icon="down" data-move="down" label={t('wishes.down', { name: wish.name })} disabled={index === wishes.length - 1} onClick={() => press(index, index + 1)} />}
              <IconButton icon="delete" label={t('wishes.remove', { name: wish.name })} onClick={() => onRemove(wish)} />
            </span>
          </li>
        ))}
      </ol>
      <div role="status"><VisuallyHidden>{told}</VisuallyHidden></div>
    </>
  )
}
