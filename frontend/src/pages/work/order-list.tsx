import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApplicantState, DeviationReason } from '../../api/round-types'
import { today } from '../../lib/dates'
import { useDragOrder } from '../../lib/drag-order'
import { useWords } from '../../lib/words'
import { Badge, Icon, IconButton, Select, VisuallyHidden, type IconName, type Tone } from '../../ui'
import { useFormat } from '../../staff'
import { useCriterionTitle } from '../criteria/words'
import { deviating, moved, type Ordered } from './order'

export const REASONS: DeviationReason[] = ['siblings_together', 'inclusion', 'hardship', 'group_mix', 'court_order', 'data_error']
const LOOK: Record<ApplicantState, { tone: Tone | 'neutral'; icon: IconName }> = {
  open: { tone: 'neutral', icon: 'half' },
  held: { tone: 'info', icon: 'home' },
  final: { tone: 'success', icon: 'check-circle' },
  elsewhere: { tone: 'neutral', icon: 'x-circle' },
}

type Props = {
  band: string; list: Ordered[]; kept: number; editable: boolean; tried: boolean
  onChange: (list: Ordered[]) => void
}

function Points({ row }: { row: Ordered }): JSX.Element {
  const { t } = useTranslation('steps')
  const { t: rounds } = useTranslation('rounds')
  const title = useCriterionTitle()
  return (
    <details className="kp-small">
      <summary>{t('board.points', { count: row.points, place: row.points_place })}</summary>
      {row.breakdown.length === 0
        ? <p>{rounds('case.noPoints')}</p>
        : <ul>{row.breakdown.map((line) => <li key={line.code}>{title(line.code)}: {line.points}{line.evidence && ` (${rounds(`evidence.${line.evidence as 'seen'}`)})`}</li>)}</ul>}
    </details>
  )
}

/** From when on and for how many hours the place is, where not all places are alike. */
function Way({ row }: { row: Ordered }): JSX.Element | null {
  const { t } = useTranslation('steps')
  const format = useFormat()
  if (row.care_from === null) return null
  const hours = row.hours_per_week === null ? '' : `, ${t('board.hours', { count: row.hours_per_week })}`
  return <p className="kp-small">{t(row.next ? 'board.wayNext' : 'board.wayHeld', { day: format.date(row.care_from) })}{hours}</p>
}

/** Children in the order of the facility: buttons move them for everybody, dragging for those who like it. */
export function OrderList({ band, list, kept, editable, tried, onChange }: Props): JSX.Element {
  const { t } = useTranslation('steps')
  const { t: rounds } = useTranslation('rounds')
  const words = useWords()
  const format = useFormat()
  const [told, setTold] = useState('')
  const needs = deviating(list)
  const move = (from: number, to: number) => {
    const next = moved(list, from, to, kept)
    if (next === list) return
    onChange(next)
    setTold(t('board.moved', { name: words.childLabel(list[from]?.label ?? ''), place: to + 1 }))
  }
  const { box, press, grip, dragged, over } = useDragOrder(move)
  return (
    <>
      <ol className="kp-wishes" ref={box}>
        {list.map((row, index) => {
          const free = editable && index >= kept
          const name = words.childLabel(row.label)
          return (
            <li
              key={row.case_id}
              className={`kp-wishes__item ${free && over === index && dragged !== index ? 'is-over' : ''} ${dragged === index ? 'is-dragged' : ''}`}
            >
              {free && <span className="kp-wishes__grip" aria-hidden="true" {...grip(index)}><Icon name="grip" /></span>}
              <span className="kp-task__number">{index + 1}</span>
              <div className="kp-wishes__name">
                <strong>{name}</strong> <span className="kp-small kp-muted">{t(row.birth_date > today() ? 'board.expected' : 'board.born', { day: format.date(row.birth_date) })}</span>
                <Way row={row} />
                <Points row={row} />
                <span className="kp-badges">
                  <Badge {...LOOK[row.state]}>{t(`state.${row.state}`)}</Badge>
                  {row.next && <Badge tone="warning" icon="forward">{t('board.next')}</Badge>}
                  {row.suggested && <Badge tone="neutral" icon="check">{t('board.suggested')}</Badge>}
                  {editable && index < kept && <Badge tone="neutral" icon="lock">{t('board.kept')}</Badge>}
                </span>
                {!free && row.reason && <p className="kp-small">{t('board.because', { reason: rounds(`deviation.reason.${row.reason}`) })}</p>}
                {free && needs.has(index) && (
                  <Select
                    id={`${band}/${row.case_id}`} label={t('board.reasonFor', { name })} empty={rounds('deviation.chooseReason')} value={row.reason ?? ''}
                    onChange={(reason) => onChange(list.map((one) => (one === row ? { ...one, reason: reason || null } : one)))}
                    error={tried && !row.reason ? t('board.needReason') : null}
                    options={REASONS.map((reason) => ({ value: reason, label: rounds(`deviation.reason.${reason}`) }))}
                  />
                )}
              </div>
              {free && (
                <span className="kp-wishes__tools">
                  <IconButton icon="up" data-move="up" label={t('board.up', { name })} disabled={index <= kept} onClick={() => press(index, index - 1)} />
                  <IconButton icon="down" data-move="down" label={t('board.down', { name })} disabled={index === list.length - 1} onClick={() => press(index, index + 1)} />
                </span>
              )}
            </li>
          )
        })}
      </ol>
      <div role="status"><VisuallyHidden>{told}</VisuallyHidden></div>
    </>
  )
}
