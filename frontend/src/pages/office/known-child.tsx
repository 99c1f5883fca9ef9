import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { KnownChild } from '../../api/types'
import { useWords } from '../../lib/words'
import { Alert, Checkbox, RadioGroup } from '../../ui'
import { useFormat } from '../../staff'

/** Whether the child of the form is one that is known, which one, and whether it has a place from which it would change. */
export type KnownChoice = { children: KnownChild[]; choice: string; transfer: boolean }
export const OTHER = 'other'

/** What the form says then. */
export const chosen = (known: KnownChoice | null) =>
  known && known.choice ? (known.choice === OTHER ? { other_child: true } : { child_id: known.choice, transfer: known.transfer }) : {}

/** What tells a known child from others: parents, demands, place. */
export function useAboutKnown(): (child: KnownChild) => string {
  const { t } = useTranslation('office')
  const words = useWords()
  return (child: KnownChild) => [
    child.guardians.length > 0 && t('intake.known.with', { names: child.guardians.join(', ') }),
    ...child.demands.map((demand) => t('intake.known.demand', { code: demand.reference_code ?? '–', state: words.demandState(demand.state) })),
    child.place && t('intake.known.place', { facility: child.place }),
    child.has_account && t('intake.known.account'),
  ].filter(Boolean).join(' · ')
}

/** A child of the same name and day of birth is known: the clerk says whether it is the same one. */
export function KnownPart({ known, onChange, error }: { known: KnownChoice; onChange: (next: KnownChoice) => void; error: string | undefined }): JSX.Element {
  const { t } = useTranslation('office')
  const format = useFormat()
  const about = useAboutKnown()
  const picked = known.children.find((child) => child.child_id === known.choice)
  return (
    <section className="kp-group">
      <Alert tone="warning" live title={t('intake.known.title')}><p className="kern-body">{t('intake.known.text')}</p></Alert>
      <RadioGroup
        id="child_id" label={t('intake.known.label')} value={known.choice} error={error}
        onChange={(choice) => onChange({ ...known, choice, transfer: false })}
        options={[
          ...known.children.map((child) => ({ value: child.child_id, label: t('intake.known.same', { name: child.name, born: format.date(child.birth_date) }), hint: about(child), disabled: child.has_account })),
          { value: OTHER, label: t('intake.known.other'), hint: t('intake.known.otherHint') },
        ]}
      />
      {picked?.place && <Checkbox label={t('intake.known.transfer')} checked={known.transfer} onChange={(transfer) => onChange({ ...known, transfer })} />}
    </section>
  )
}
