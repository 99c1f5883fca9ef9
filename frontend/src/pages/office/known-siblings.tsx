import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { Items, KnownChild } from '../../api/types'
import { Button, ErrorState, RadioGroup } from '../../ui'
import { useFormat } from '../../staff'
import { useAboutKnown } from './known-child'

/** The children of the guardian that were looked for, and which of them is a sibling; null: nobody looked yet. */
export type SiblingChoice = { children: KnownChild[]; choice: string }
const NONE = 'none'

/** What the form says then. */
export const siblingOf = (found: SiblingChoice | null) => (found && found.choice !== NONE ? { sibling_of: found.choice } : {})

type Props = { first: string; last: string; found: SiblingChoice | null; onChange: (next: SiblingChoice) => void; error: string | undefined }
/** A second child of a family on paper: the clerk looks for the first one, and both are siblings from then on. */
export function SiblingPart({ first, last, found, onChange, error }: Props): JSX.Element {
  const { t } = useTranslation('office')
  const api = useApi()
  const format = useFormat()
  const about = useAboutKnown()
  const seek = useSend((guardian: { first_name: string; last_name: string }) => api.post<Items<KnownChild>>('/office/known-siblings', guardian))
  const look = async () => {
    const answer = await seek.run({ first_name: first.trim(), last_name: last.trim() })
    if (answer?.ok) onChange({ children: answer.value.items, choice: NONE })
  }
  return (
    <section className="kp-group">
      <h2 className="kern-heading-medium">{t('intake.sibling.title')}</h2>
      <p className="kern-body">{t('intake.sibling.text')}</p>
      {seek.error && <ErrorState part problem={seek.error} onRetry={() => void look()} />}
      <div className="kp-actions"><Button kind="secondary" busy={seek.busy} disabled={!first.trim() || !last.trim()} onClick={() => void look()}>{t('intake.sibling.look')}</Button></div>
      <div role="status">{found?.children.length === 0 && <p className="kern-body">{t('intake.sibling.nobody', { name: `${first.trim()} ${last.trim()}` })}</p>}</div>
      {found && found.children.length > 0 && (
        <RadioGroup
          id="sibling_of" label={t('intake.sibling.label')} value={found.choice} error={error} onChange={(choice) => onChange({ ...found, choice })}
          options={[
            { value: NONE, label: t('intake.sibling.none') },
            ...found.children.map((child) => ({ value: child.child_id, label: t('intake.known.same', { name: child.name, born: format.date(child.birth_date) }), hint: about(child) })),
          ]}
        />
      )}
    </section>
  )
}
