import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { TieBreak } from '../../api/types'
import { Button, Fieldset, IconButton, Select } from '../../ui'
import { TIE_BREAKS, useCriteriaWords } from './words'

/** The tie-breaks as an ordered list; the lottery stays at its end. */
export function TieBreaks({ value, onChange }: { value: TieBreak[]; onChange: (value: TieBreak[]) => void }): JSX.Element {
  const { t } = useTranslation('criteria')
  const words = useCriteriaWords()
  const chosen = value.filter((tie) => tie !== 'lottery')
  const [next, setNext] = useState<TieBreak | ''>('')
  const put = (list: TieBreak[]) => onChange([...list, 'lottery'])
  const move = (from: number, to: number) => {
    const list = [...chosen]
    const [tie] = list.splice(from, 1)
    if (tie) list.splice(to, 0, tie)
    put(list)
  }
  const excluded = (tie: TieBreak) => (tie === 'age_older' && chosen.includes('age_younger')) || (tie === 'age_younger' && chosen.includes('age_older'))
  const free = TIE_BREAKS.filter((tie) => tie !== 'lottery' && !chosen.includes(tie) && !excluded(tie))
  return (
    <Fieldset id="tie_breaks" label={t('tie.title')} hint={t('tie.hint')}>
      <ol className="kp-rules">
        {[...chosen, 'lottery' as const].map((tie, index) => (
          <li className="kp-rule" key={tie}>
            <div className="kp-rule__head">
              <span className="kp-rule__text">{index + 1}. {words.tie(tie)}</span>
              {tie !== 'lottery' && (
                <span className="kp-rule__tools">
                  {index > 0 && <IconButton icon="up" label={t('tie.up', { tie: words.tie(tie) })} onClick={() => move(index, index - 1)} />}
                  {index < chosen.length - 1 && <IconButton icon="down" label={t('tie.down', { tie: words.tie(tie) })} onClick={() => move(index, index + 1)} />}
                  <IconButton icon="delete" label={t('tie.remove', { tie: words.tie(tie) })} onClick={() => put(chosen.filter((entry) => entry !== tie))} />
                </span>
              )}
            </div>
          </li>
        ))}
      </ol>
      {free.length > 0 && (
        <div className="kp-row">
          <Select id="tie-add" label={t('tie.add')} value={next} empty="–" onChange={setNext} options={free.map((tie) => ({ value: tie, label: words.tie(tie) }))} />
          <Button small kind="secondary" icon="add" onClick={() => { if (next) { put([...chosen, next]); setNext('') } }}>{t('tie.addButton')}</Button>
        </div>
      )}
    </Fieldset>
  )
}
