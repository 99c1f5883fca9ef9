import { useEffect, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import type { CriteriaPreview, RuleInput, TieBreak } from '../../api/types'
import { ErrorState, Section, Skeleton } from '../../ui'
import { ScoreTable } from './score'

/** Asks what the rules would do, a moment after the last change. */
export function usePreview(rules: RuleInput[] | null, tie_breaks: TieBreak[]) {
  const api = useApi()
  const { i18n } = useTranslation()
  const body = rules ? JSON.stringify({ rules, tie_breaks }) : null
  const [asked, setAsked] = useState(body)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(body), 400)
    return () => clearTimeout(timer)
  }, [body])
  return useQuery<CriteriaPreview, ApiError>({
    queryKey: [api.base, '/admin/criteria-preview', asked, i18n.language],
    queryFn: () => api.post<CriteriaPreview>('/admin/criteria-preview', JSON.parse(asked ?? '{}')),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** Ten made-up families in the order that the rules would give them. */
export function Preview({ preview, empty, broken, problem }: { preview: CriteriaPreview | undefined; empty: boolean; broken: boolean; problem?: ApiError | null }): JSX.Element {
  const { t } = useTranslation('criteria')
  return (
    <Section title={t('preview.title')}>
      <p className="kern-body">{t('preview.lead')}</p>
      {empty && <p className="kern-body">{t('preview.none')}</p>}
      {broken && <p className="kern-body" role="status">{t('preview.broken')}</p>}
      {problem && !broken && (problem.status === 422 ? <p className="kern-body" role="status">{t('preview.broken')}</p> : <ErrorState part problem={problem} />)}
      {!empty && !preview && !broken && !problem && <Skeleton lines={6} />}
      {!empty && preview && (
        <ol className="kp-samples">
          {preview.families.map((family) => (
            <li className="kp-sample" key={family.letter}>
              <details>
                <summary>
                  <span className="kp-sample__head">
                    <strong>{family.place}. {t('preview.family', { letter: family.letter })}</strong>
                    <span>{family.rank > 0 && `${t('preview.rank')} ${family.rank}, `}{t('say.points', { count: family.points })}</span>
                  </span>
                </summary>
                <p className="kern-body kern-body--small">{family.text}</p>
                <ScoreTable lines={family.lines.filter((line) => line.outcome !== 'does_not_hold')} points={family.points} rank={family.rank} />
              </details>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
