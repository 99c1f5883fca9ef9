import { useEffect, useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useTenant } from '../../app/tenant'
import { setWishes, useWishes } from '../../lib/wishes'
import { Actions, Button, ButtonLink, Conflict, Dialog, EmptyState, Page, ProblemView, SaveState, Section } from '../../ui'
import { useDemand, useNextPath } from './frame'
import { usePreferences, type Wished } from './preferences'
import { WayOrder } from './way-order'
import { WishList } from './wish-list'
import { WishSearch } from './wish-search'

export function WishesPage(): JSX.Element {
  const { t } = useTranslation('demand')
  const { t: common } = useTranslation()
  const tenant = useTenant()
  const navigate = useNavigate()
  const next = useNextPath('wuensche')
  const { demand, base } = useDemand()
  const { wishes: marked } = useWishes(tenant.slug)
  const preferences = usePreferences(demand)
  const { wishes, store } = preferences
  const [leaving, setLeaving] = useState<Wished | null>(null)
  const carried = useRef(false)
  const draft = demand.state === 'draft'
  useEffect(() => {
    // What was marked while searching comes along once, as far as there is room.
    if (carried.current || marked.length === 0 || !draft) return
    carried.current = true
    const fresh = marked.filter((wish) => !wishes.some((other) => other.id === wish.id))
    const all = [...wishes, ...fresh].slice(0, tenant.max_preferences)
    if (fresh.length === 0) setWishes(tenant.slug, [])
    else void store(all).then((done) => { if (done) setWishes(tenant.slug, []) })
  }, [marked, wishes, draft, store, tenant.max_preferences, tenant.slug])
  const full = wishes.length >= tenant.max_preferences
  const remove = (wish: Wished) => {
    if (draft || !demand.preferences.some((preference) => preference.facility_id === wish.id)) void store(wishes.filter((other) => other.id !== wish.id))
    else setLeaving(wish)
  }
  return (
    <Page title={t('wishes.title')} lead={t(tenant.ranking ? 'wishes.leadRanked' : 'wishes.lead', { count: tenant.max_preferences })} back={{ to: base, label: t('tasks.title') }} width="text">
      {preferences.conflict
        ? <Conflict rows={[{ id: 'wishes', label: t('wishes.title'), mine: preferences.conflict.mine.map((wish, i) => `${i + 1}. ${wish.name}`).join('\n'), theirs: preferences.conflict.theirs.preferences.map((wish, i) => `${i + 1}. ${wish.facility_name}`).join('\n') }]} onKeepMine={preferences.keepMine} onTakeTheirs={preferences.takeTheirs} />
        : <ProblemView problem={preferences.problem} />}
      <Section title={t('wishes.count', { count: wishes.length, max: tenant.max_preferences })}>
        {wishes.length === 0
          ? <EmptyState title={t('wishes.empty')}>{t('wishes.emptyText')}</EmptyState>
          : <WishList wishes={wishes} ranked={tenant.ranking} onChange={(changed) => void store(changed)} onRemove={remove} />}
        <p className="kp-small kp-muted">{t('wishes.secret')}</p>
        <SaveState saving={preferences.saving} />
        <Actions>
          <Button busy={preferences.saving.state === 'saving'} onClick={() => void preferences.flush().then((stored) => { if (stored) void navigate(next) })}>{draft ? common('action.continue') : t('wishes.done')}</Button>
          {draft && <ButtonLink kind="tertiary" to={base}>{t('tasks.later')}</ButtonLink>}
        </Actions>
      </Section>
      {tenant.ranking && <WayOrder waits={preferences.waits} />}
      <Section title={t('wishes.find')}>
        <WishSearch chosen={wishes.map((wish) => wish.id)} full={full} onAdd={(facility) => void store([...wishes, { id: facility.id, name: facility.name }])} />
      </Section>
      <Dialog
        open={leaving !== null}
        title={t('wishes.withdrawTitle')}
        onClose={() => setLeaving(null)}
        footer={<><Button kind="secondary" onClick={() => setLeaving(null)}>{common('action.cancel')}</Button><Button danger onClick={() => { const gone = leaving; setLeaving(null); if (gone) void store(wishes.filter((wish) => wish.id !== gone.id)) }}>{t('wishes.withdraw')}</Button></>}
      >
        <p className="kern-body">{t('wishes.withdrawText', { name: leaving?.name ?? '' })}</p>
      </Dialog>
    </Page>
  )
}
