import { createContext, useContext, useState, type FormEvent, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import type { Demand, DemandPatch, Family } from '../../api/types'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Actions, Button, ButtonLink, Conflict, ErrorSummary, Page, SaveState, summaryOf, useFieldErrors } from '../../ui'
import { useAutosave, type Autosave } from './autosave'
import { stepAfter, type Step } from './steps'

type DemandState = { demand: Demand; family: Family; save: Autosave; base: string }
const DemandContext = createContext<DemandState | null>(null)

/** The demand whose pages are shown, with its unsaved answers. */
export function useDemand(): DemandState {
  const state = useContext(DemandContext)
  if (!state) throw new Error('this page stands below a demand')
  return state
}
export function DemandScope({ demand, family, children }: { demand: Demand; family: Family; children: ReactNode }): JSX.Element {
  const save = useAutosave(demand)
  const to = useTo()
  return <DemandContext.Provider value={{ demand: save.current, family, save, base: to(`/bedarf/${demand.id}`) }}>{children}</DemandContext.Provider>
}

/** How an answer reads, for the check page and for conflicts. */
export function useAnswerText(): (key: keyof DemandPatch, demand: Demand | DemandPatch) => string {
  const { t, i18n } = useTranslation('demand')
  const { t: common } = useTranslation()
  const words = useWords()
  return (key, demand) => {
    switch (key) {
      case 'care_type': return demand.care_type ? words.careType(demand.care_type) : ''
      case 'desired_start': return formatDate(demand.desired_start, i18n.language)
      case 'latest_start': return formatDate(demand.latest_start, i18n.language)
      case 'hours_per_week': return demand.hours_per_week ? t('times.hoursValue', { count: demand.hours_per_week }) : ''
      case 'least_hours': return demand.least_hours ? t('times.hoursValue', { count: demand.least_hours }) : ''
      case 'times_first': return demand.ways ? t('times.first.own') : demand.times_first === undefined ? '' : t(demand.times_first ? 'times.first.times' : 'times.first.facility')
      case 'ways': return demand.ways ? t('times.first.own') : ''
      case 'window_from': return demand.window_from ?? ''
      case 'window_to': return demand.window_to ?? ''
      case 'legal_claim': return demand.legal_claim === undefined ? '' : common(demand.legal_claim ? 'form.yes' : 'form.no')
      case 'facts': return t('situation.count', { count: (demand.facts ?? []).filter((fact) => fact.claimed).length })
    }
  }
}

/** Where "continue" leads: to the next question, or back to where a change was asked for. */
export function useNextPath(step: Step): string {
  const { demand, base } = useDemand()
  const [search] = useSearchParams()
  if (demand.state !== 'draft') return base
  // A child that has a place needs to assert no claim to one.
  const after = stepAfter(step) === 'situation/anspruch' && demand.transfer ? 'pruefen' : stepAfter(step)
  return search.has('pruefen') ? `${base}/pruefen` : `${base}/${after}`
}

export function SaveConflict(): JSX.Element | null {
  const { t } = useTranslation('demand')
  const { save } = useDemand()
  const text = useAnswerText()
  if (!save.conflict) return null
  const { fields, mine, theirs } = save.conflict
  return <Conflict rows={fields.map((key) => ({ id: key, label: t(`field.${key}`), mine: text(key, mine), theirs: text(key, theirs) }))} onKeepMine={save.keepMine} onTakeTheirs={save.takeTheirs} />
}

type QuestionProps = {
  step: Step
  title: string
  lead?: ReactNode
  /** What is missing on this page; asked when the person goes on, never before. */
  check?: () => Record<string, string | undefined>
  children: (errors: Record<string, string | undefined>) => ReactNode
}

/** One question on a page: it saves by itself, and "continue" leads to the next one. */
export function Question({ step, title, lead, check, children }: QuestionProps): JSX.Element {
  const { t } = useTranslation('demand')
  const { t: common } = useTranslation()
  const { save, base } = useDemand()
  const navigate = useNavigate()
  const next = useNextPath(step)
  const translate = useFieldErrors()
  const [local, setLocal] = useState<Record<string, string | undefined>>({})
  const [busy, setBusy] = useState(false)
  const errors = { ...translate(save.problem), ...local }
  const goOn = async (event: FormEvent) => {
    event.preventDefault()
    const found = check?.() ?? {}
    setLocal(found)
    if (Object.values(found).some(Boolean)) return
    setBusy(true)
    const saved = await save.flush()
    setBusy(false)
    if (saved) void navigate(next)
  }
  return (
    <Page title={title} lead={lead} back={{ to: base, label: t('tasks.title') }}>
      <SaveConflict />
      <form className="kp-form" onSubmit={(event) => void goOn(event)} noValidate>
        <ErrorSummary errors={summaryOf(errors)} problem={save.problem} />
        {children(errors)}
        <SaveState saving={save.saving} />
        <Actions>
          <Button type="submit" busy={busy}>{common('action.continue')}</Button>
          <ButtonLink kind="tertiary" to={base}>{t('tasks.later')}</ButtonLink>
        </Actions>
      </form>
    </Page>
  )
}
