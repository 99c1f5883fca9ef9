import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Fieldset, TextField } from '../ui'
import { useFacilitiesNamed } from './facility-search'

export type Picked = { id: string; name: string }
type Props = { id: string; label: string; value: Picked | null; onChange: (value: Picked | null) => void; error?: string | null | undefined; optional?: boolean; hint?: string }

/** One facility, found by a part of its name. */
export function FacilityPicker({ id, label, value, onChange, error, optional, hint }: Props): JSX.Element {
  const { t } = useTranslation('staff')
  const [text, setText] = useState('')
  const { hits, answered } = useFacilitiesNamed(text)
  if (value) {
    return (
      <Fieldset id={id} label={label} {...(hint ? { hint } : {})}>
        <p className="kp-row"><strong>{value.name}</strong><button type="button" className="kp-linkish" onClick={() => onChange(null)}>{t('picker.other')}</button></p>
      </Fieldset>
    )
  }
  return (
    <div className="kp-stack kp-stack--small">
      <TextField id={id} label={label} hint={hint ?? t('picker.hint')} optional={optional ?? false} autoComplete="off" value={text} onChange={setText} error={error} onKeyDown={(event) => { if (event.key === 'Enter') event.preventDefault() }} />
      <div role="status">{answered && hits.length === 0 && <p className="kern-body">{t('picker.none')}</p>}</div>
      <ul className="kp-plain-list">
        {hits.map((hit) => (
          <li key={hit.id}><button type="button" className="kp-linkish" onClick={() => { onChange({ id: hit.id, name: hit.name }); setText('') }}>{hit.name}, {hit.street} {hit.house_number}</button></li>
        ))}
      </ul>
    </div>
  )
}
