import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { AdminCriterion, CourtWarning } from '../../api/types'
import { Alert, Button, IconButton, Select } from '../../ui'
import { newRule, RuleForm, toInput, type RuleDraft } from './rule-form'
import { useCriteriaWords } from './words'

const isAsked = (criterion: AdminCriterion | undefined): boolean => criterion?.source === 'asked' || criterion?.source === 'asked_number'
const isNumber = (criterion: AdminCriterion | undefined): boolean => criterion?.source === 'asked_number' || criterion?.source === 'age_years'

type Props = { rules: RuleDraft[]; criteria: AdminCriterion[]; warnings: CourtWarning[]; errors: Record<string, string>; onChange: (rules: RuleDraft[]) => void }

/** The rules of a draft in their order, each with its form below it while it is changed. */
export function RulesList({ rules, criteria, warnings, errors, onChange }: Props): JSX.Element {
  const { t, i18n } = useTranslation('criteria')
  const words = useCriteriaWords()
  const [open, setOpen] = useState<string | null>(null)
  const [next, setNext] = useState('')
  const of = (id: string) => criteria.find((criterion) => criterion.id === id)
  const title = (id: string) => { const found = of(id); return found ? (i18n.language === 'en' ? found.title_en : found.title_de) : id }
  const move = (from: number, to: number) => {
    const list = [...rules]
    const [rule] = list.splice(from, 1)
    if (rule) list.splice(to, 0, rule)
    onChange(list)
  }
  const free = criteria.filter((criterion) => criterion.active && !rules.some((rule) => rule.criterion_id === criterion.id))
  return (
    <>
      {rules.length === 0 && <p className="kern-body">{t('edit.rulesEmpty')}</p>}
      <ol className="kp-rules" id="rules" tabIndex={-1}>
        {rules.map((draft, index) => {
          const [criterion, input, id] = [of(draft.criterion_id), toInput(draft), draft.criterion_id]
          const name = title(id)
          const own = warnings.filter((warning) => warning.criterion_id === id)
          const faults = Object.entries(errors).filter(([key]) => key.startsWith(`rules.${index}.`)).map(([, message]) => message)
          return (
            <li className="kp-rule" key={id}>
              <div className="kp-rule__head">
                <div className="kp-rule__text">
                  <strong>{name}</strong>
                  {input && <div className="kp-small">{[...words.worth(input), words.evidence(input.evidence)].join('; ')}</div>}
                  {criterion && <div className="kp-small kp-muted">{t(`source.${criterion.source}`)}</div>}
                </div>
                <span className="kp-rule__tools">
                  {index > 0 && <IconButton icon="up" label={`${t('rule.up')}: ${name}`} onClick={() => move(index, index - 1)} />}
                  {index < rules.length - 1 && <IconButton icon="down" label={`${t('rule.down')}: ${name}`} onClick={() => move(index, index + 1)} />}
                  <IconButton icon="delete" label={`${t('rule.remove')}: ${name}`} onClick={() => onChange(rules.filter((rule) => rule !== draft))} />
                  <Button small kind="tertiary" aria-expanded={open === id} aria-label={`${t(open === id ? 'rule.close' : 'rule.edit')}: ${name}`} onClick={() => setOpen(open === id ? null : id)}>{t(open === id ? 'rule.close' : 'rule.edit')}</Button>
                </span>
              </div>
              {faults.length > 0 && <Alert tone="danger" title={faults.join(' ')} />}
              {own.map((warning) => <Alert key={warning.code} tone="warning" title={warning.why}><p className="kern-body kern-body--small">{t('warning.source', { source: warning.source })}</p></Alert>)}
              {open === id && <RuleForm at={`rule-${index}`} draft={draft} asked={isAsked(criterion)} number={isNumber(criterion)} onChange={(changed) => onChange(rules.map((rule) => (rule === draft ? changed : rule)))} />}
            </li>
          )
        })}
      </ol>
      {free.length > 0 && (
        <div className="kp-row">
          <Select id="rule-add" label={t('edit.addSelect')} value={next} empty={t('edit.add')} onChange={setNext} options={free.map((criterion) => ({ value: criterion.id, label: title(criterion.id) }))} />
          <Button small kind="secondary" icon="add" onClick={() => { const found = of(next); if (found) { onChange([...rules, newRule(next, isAsked(found), isNumber(found))]); setOpen(next); setNext('') } }}>{t('edit.addButton')}</Button>
        </div>
      )}
    </>
  )
}
