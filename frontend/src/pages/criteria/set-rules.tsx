import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { CriteriaRule } from '../../api/types'
import { useCriteriaWords } from './words'
import './criteria.css'

/** The rules of a set to be read: what counts, how much, and what must be shown. */
export function SetRules({ rules }: { rules: CriteriaRule[] }): JSX.Element {
  const { t } = useTranslation('criteria')
  const words = useCriteriaWords()
  return (
    <ol className="kp-rules">
      {rules.map((rule) => (
        <li className="kp-rule" key={rule.criterion_id}>
          <div>
            <strong>{rule.title}</strong>
            {rule.hint && <div className="kp-small kp-muted">{rule.hint}</div>}
          </div>
          <div><span className="kp-muted">{t('parents.worth')}:</span> {words.worth(rule).join('; ')}{rule.scope === 'local' && ` (${t('say.local')})`}</div>
          {rule.evidence.kind !== 'none' && <div className="kp-small"><span className="kp-muted">{t('parents.proof')}:</span> {[rule.evidence_text, words.evidence(rule.evidence)].filter(Boolean).join(' – ')}</div>}
        </li>
      ))}
    </ol>
  )
}
