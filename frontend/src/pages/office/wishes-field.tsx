import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useFacilitiesNamed } from '../../staff/facility-search'
import { Fieldset, IconButton, TextField } from '../../ui'
import type { Wish } from './intake-values'

type Props = { wishes: Wish[]; max: number; onChange: (next: Wish[]) => void; error: string | null | undefined }

/** The wished facilities in the order of the family: find by name, add, move, take out. */
export function WishesField({ wishes, max, onChange, error }: Props): JSX.Element {
  const { t } = useTranslation('office')
  const [text, setText] = useState('')
  const found = useFacilitiesNamed(text)
  const hits = found.hits.filter((hit) => !wishes.some((wish) => wish.id === hit.id))
  const move = (from: number, to: number) => {
    const next = [...wishes]
    const [moved] = next.splice(from, 1)
    if (moved) next.splice(to, 0, moved)
    onChange(next)
  }
  return (
    <Fieldset id="facility_ids" label={t('intake.wishes')} hint={t('intake.wishesHint', { count: max })} error={error ?? null}>
      {wishes.length > 0 && (
        <ol className="kp-wishlist">
          {wishes.map((wish, index) => (
            <li key={wish.id}>
              <span className="kp-wishlist__rank">{index + 1}.</span><span className="kp-wishlist__name">{wish.name}</span>
              <IconButton icon="up" label={t('intake.up', { name: wish.name })} disabled={index === 0} onClick={() => move(index, index - 1)} />
              <IconButton icon="down" label={t('intake.down', { name: wish.name })} disabled={index === wishes.length - 1} onClick={() => move(index, index + 1)} />
              <IconButton icon="delete" label={t('intake.takeOut', { name: wish.name })} onClick={() => onChange(wishes.filter((entry) => entry !== wish))} />
            </li>
          ))}
        </ol>
      )}
      {wishes.length < max && (
        <>
          <TextField label={t('intake.findFacility')} optional autoComplete="off" value={text} onChange={setText} onKeyDown={(event) => { if (event.key === 'Enter') event.preventDefault() }} />
          <div role="status">{found.answered && hits.length === 0 && <p className="kern-body">{t('intake.noFacility')}</p>}</div>
          <ul className="kp-plain-list">
            {hits.map((hit) => (
              <li key={hit.id}>
                <button type="button" className="kp-linkish" onClick={() => { onChange([...wishes, { id: hit.id, name: hit.name }]); setText('') }}>
                  {t('intake.add', { name: hit.name, place: `${hit.street} ${hit.house_number}, ${hit.postal_code} ${hit.city}` })}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Fieldset>
  )
}
