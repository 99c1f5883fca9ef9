import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { Criterion, EvidenceRule, Items, Points, PublishedSet, Reserve, RuleInput, SetPhase, TieBreak } from '../../api/types'
import { formatDate } from '../../lib/dates'
import type { IconName, Tone } from '../../ui'

export const PHASE_LOOK: Record<SetPhase, { tone: Tone | 'neutral'; icon: IconName }> = {
  draft: { tone: 'neutral', icon: 'edit' },
  coming: { tone: 'info', icon: 'calendar' },
  in_force: { tone: 'success', icon: 'check-circle' },
  superseded: { tone: 'neutral', icon: 'clock' },
  withdrawn: { tone: 'neutral', icon: 'back' },
}
export const TIE_BREAKS: TieBreak[] = ['age_older', 'age_younger', 'registered_earlier', 'lottery']

/** What a rule says, in words. */
export function useCriteriaWords() {
  const { t, i18n } = useTranslation('criteria')
  const count = (n: number) => t('say.points', { count: n })
  const points = (value: Points): string => {
    if (value.kind === 'flat') return count(value.points)
    if (value.kind === 'per_unit') {
      return [t('say.perUnit', { points: count(value.points) }), value.most === null ? '' : t('say.most', { count: value.most })].filter(Boolean).join(', ')
    }
    return value.steps.map((step) => t('say.step', { from: step.at_least, points: count(step.points) })).join('; ')
  }
  const evidence = (value: EvidenceRule): string => {
    if (value.kind === 'within_days') return t('say.evidence.within_days', { count: value.days })
    if (value.kind === 'by_date') return t('say.evidence.by_date', { date: formatDate(value.date, i18n.language) })
    return t(`say.evidence.${value.kind}`)
  }
  const reserve = (value: Reserve): string =>
    t('say.reserve', { count: value.seats, per: t(value.per === 'group' ? 'rule.perGroup' : 'rule.perFacility'), for: t(`rule.reserveKind.${value.type}`) })
  const tie = (value: TieBreak): string => t(`tie.${value}`)
  return {
    points,
    evidence,
    reserve,
    tie,
    ties: (values: TieBreak[]) => values.map(tie).join(t('score.then')),
    /** Everything about a rule but its title and its evidence. */
    worth: (rule: Pick<RuleInput, 'points' | 'rank' | 'best_of' | 'reserve'>): string[] => [
      rule.rank > 0 ? t('say.rank', { rank: rule.rank }) : '',
      rule.rank > 0 && rule.points.kind === 'flat' && rule.points.points === 0 ? '' : points(rule.points),
      rule.best_of ? t('say.bestOf', { name: rule.best_of }) : '',
      rule.reserve ? reserve(rule.reserve) : '',
    ].filter(Boolean),
  }
}

/** What a criterion is called: in the published rules, also where nobody is asked for it, else as a question; a code without a title stands for itself. */
export function useCriterionTitle(): (code: string) => string {
  const { t, i18n } = useTranslation('criteria')
  const rules = useGet<Items<PublishedSet>>('/criteria-sets', { language: i18n.language }, { staleTime: 300_000 }).data
  const questions = useGet<Items<Criterion>>('/criteria', { language: i18n.language }, { staleTime: 300_000 }).data
  return (code) => {
    if (code === 'confidential') return t('confidential')
    const named = [...(rules?.items.flatMap((set) => set.rules) ?? []), ...(questions?.items ?? [])]
    return named.find((one) => one.code === code)?.title ?? code
  }
}
