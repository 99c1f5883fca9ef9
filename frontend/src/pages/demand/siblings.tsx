import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { keyOf, useRefresh, useSend } from '../../api/hooks'
import type { Demand, SiblingAnswer } from '../../api/types'
import { formatDate } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Actions, Alert, Button, ProblemView, RadioGroup, Section } from '../../ui'

export const SIBLING_ANSWERS: SiblingAnswer[] = ['required', 'preferred', 'independent']

/** Asked once for all children of the family who look for a place at the same time; shown nowhere else. */
export function Siblings({ demand }: { demand: Demand }): JSX.Element | null {
  const { t, i18n } = useTranslation('siblings')
  const words = useWords()
  const api = useApi()
  const client = useQueryClient()
  const refresh = useRefresh()
  const known = demand.siblings
  const [choice, setChoice] = useState<SiblingAnswer | ''>('')
  const [tried, setTried] = useState(false)
  const save = useSend(async (answer: SiblingAnswer) => {
    const next = await api.put<Demand>(`/demands/${demand.id}/siblings`, { answer }, { version: demand.version })
    client.setQueryData(keyOf(api, `/demands/${demand.id}`), next)
    setChoice('')
    setTried(false)
    await refresh('/demands')
  })
  if (!known || known.with.length === 0) return null
  const chosen = choice || known.answer || ''
  const submit = () => {
    setTried(true)
    if (chosen) void save.run(chosen)
  }
  const children = [demand.child, ...known.with.map((one) => one.child)].map((child) => words.childLabel(child.label)).join(', ')
  return (
    <Section title={t('question')} id="geschwister">
      <p className="kern-body">{t('lead', { children })}</p>
      {known.common.length > 0
        ? <p className="kern-body">{t('common', { facilities: known.common.join(', ') })}</p>
        : <Alert tone="info" title={t('noCommon')}><p className="kern-body">{t('noCommonText')}</p></Alert>}
      <p className="kern-body">{known.answer && known.said_at ? <strong>{t('answered', { answer: t(`answer.${known.answer}`), date: formatDate(known.said_at, i18n.language) })}</strong> : t('notAnswered')}</p>
      {known.changeable
        ? (
          <>
            <RadioGroup id="siblings" label={t('choose')} value={chosen} onChange={setChoice} error={tried && !chosen ? t('need') : null} options={SIBLING_ANSWERS.map((value) => ({ value, label: t(`answer.${value}`), hint: t(`chances.${value}`) }))} />
            <ProblemView problem={save.error} />
            <Actions><Button kind="secondary" busy={save.busy} onClick={submit}>{t('save')}</Button></Actions>
          </>
        )
        : <p className="kern-body">{t('frozen')}</p>}
    </Section>
  )
}
