import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { Guest, MoveIn, Residence } from '../../api/residence-types'
import { lastDay } from '../../lib/dates'
import { Actions, Alert, AskedButton, Badge, Button, DownloadLink, Facts, Loaded, ProblemView, Section, type Fact } from '../../ui'
import { useFormat } from '../../staff'
import { useMayWrite } from '../office/rights'
import { AnswerForm, EvidenceForm, HomeForm, MoveForm } from './forms'
import { DecisionForm, LapsePart, WithdrawalForm } from './lapse'
import { GUEST_LOOK, MOVE_LOOK } from './look'

type Open = 'home' | 'answer' | 'withdraw' | 'decide' | 'move' | 'evidence' | null

function useGuestFacts(guest: Guest): Fact[] {
  const { t } = useTranslation('residence')
  const format = useFormat()
  const fact = (id: string, term: string, value: string | null): Fact[] => (value ? [{ id, term, value }] : [])
  const period = [guest.valid_from && t('facts.from', { date: format.date(guest.valid_from) }), guest.valid_until && `${t('until')} ${format.date(lastDay(guest.valid_until))}`].filter(Boolean).join(', ')
  const costs = guest.costs_agreed === null ? null : guest.costs_agreed ? t('field.costsYes') : t('field.costsNo')
  return [
    ...fact('home', t('home'), guest.home_name && [guest.home_name, guest.home_address, guest.home_email].filter(Boolean).join('\n')),
    ...fact('asked', t('facts.asked'), guest.asked_on && format.date(guest.asked_on)),
    ...fact('answer', t('facts.answer'), guest.answered_on && format.date(guest.answered_on)),
    ...fact('period', t('facts.period'), period),
    ...fact('costs', t('facts.costs'), guest.answered_on ? costs ?? t('field.costsOpen') : null),
    ...fact('file', t('facts.file'), guest.home_file_number),
    ...fact('note', t('facts.note'), guest.note),
  ]
}

function GuestPart({ demand, guest, required, open, setOpen, onSaved }: { demand: string; guest: Guest; required: boolean; open: Open; setOpen: (open: Open) => void; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('residence')
  const api = useApi()
  const mayWrite = useMayWrite()
  const facts = useGuestFacts(guest)
  const path = `/office/demands/${demand}/guest`
  const waits = guest.lapse !== null && guest.lapse.decision === null
  const ask = useSend(async () => { await api.post(`${path}/ask`, {}, { version: guest.version }); onSaved() })
  const unmark = useSend(async () => { await api.delete(path, { version: guest.version }); onSaved() })
  return (
    <>
      <div className="kp-row"><Badge {...GUEST_LOOK[guest.state]}>{t('section.guestIs')}: {t(`guest.${guest.state}`)}</Badge></div>
      <p className="kp-small kp-muted">{required ? t('section.required') : t('section.noted')}</p>
      {facts.length > 0 && <Facts items={facts} />}
      {guest.lapse && <LapsePart lapse={guest.lapse} />}
      <ProblemView problem={ask.error} />
      {guest.home_name && <Actions><DownloadLink small href={api.url(`${path}/letter`)}>{t('section.letter')}</DownloadLink></Actions>}
      {mayWrite && !open && (
        <Actions>
          {waits && <Button small onClick={() => setOpen('decide')}>{t('lapse.decide')}</Button>}
          <Button small kind="secondary" icon="edit" onClick={() => setOpen('home')}>{t('home')}</Button>
          {guest.home_name && <Button small kind="secondary" busy={ask.busy} onClick={() => void ask.run()}>{t('section.ask')}</Button>}
          {guest.asked_on && <Button small kind="secondary" onClick={() => setOpen('answer')}>{t('section.answer')}</Button>}
          {guest.state === 'granted' && !waits && <Button small kind="secondary" onClick={() => setOpen('withdraw')}>{t('lapse.withdraw')}</Button>}
          <Button small kind="secondary" onClick={() => setOpen('move')}>{t('section.plan')}</Button>
          <AskedButton small label={t('section.unmark')} title={t('section.unmarkTitle')} problem={unmark.error} onRun={async () => Boolean((await unmark.run())?.ok)}>{t('section.unmarkText')}</AskedButton>
        </Actions>
      )}
    </>
  )
}

function MovePart({ demand, move, open, setOpen, onSaved }: { demand: string; move: MoveIn; open: Open; setOpen: (open: Open) => void; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('residence')
  const api = useApi()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const cancel = useSend(async () => { await api.delete(`/office/demands/${demand}/move-in`, { version: move.version }); onSaved() })
  const facts: Fact[] = [
    { id: 'on', term: t('moveOn'), value: format.date(move.move_on) },
    { id: 'city', term: t('city'), value: `${move.postal_code} ${move.city}` },
    { id: 'area', term: t('area'), value: move.area ?? '–' },
    { id: 'evidence', term: t('evidence'), value: move.evidence ? `${t(`papers.${move.evidence}`)}, ${format.date(move.seen_on)}` : '–' },
  ]
  return (
    <>
      <div className="kp-row"><Badge {...MOVE_LOOK[move.state]}>{t('movers.title')}: {t(`move.${move.state}`)}</Badge></div>
      <Facts items={facts} />
      {mayWrite && !open && move.state !== 'proven' && (
        <Actions>
          <Button small kind="secondary" onClick={() => setOpen('evidence')}>{t('section.seen')}</Button>
          <Button small kind="secondary" icon="edit" onClick={() => setOpen('move')}>{t('section.change')}</Button>
          <AskedButton small label={t('section.cancel')} title={t('section.cancelTitle')} problem={cancel.error} onRun={async () => Boolean((await cancel.run())?.ok)}>{t('section.cancelText')}</AskedButton>
        </Actions>
      )}
    </>
  )
}

function Known({ demand, residence }: { demand: string; residence: Residence }): JSX.Element {
  const { t } = useTranslation('residence')
  const api = useApi()
  const refresh = useRefresh()
  const mayWrite = useMayWrite()
  const [open, setOpen] = useState<Open>(null)
  const [saved, setSaved] = useState(false)
  const done = () => { setOpen(null); setSaved(true); void refresh('/office') }
  const begin = (next: Open) => { setSaved(false); setOpen(next) }
  const shared = { demand, open, setOpen: begin, onSaved: done }
  const form = { demand, onSaved: done, onCancel: () => setOpen(null) }
  const { guest, move_in: move } = residence
  const newestMove = async () => (await api.get<Residence>(`/office/demands/${demand}/residence`)).move_in
  return (
    <>
      {saved && <Alert tone="success" live title={t('section.saved')} />}
      {residence.lives_elsewhere && <p className="kern-body">{t('section.elsewhere')}</p>}
      {guest && <GuestPart {...shared} guest={guest} required={residence.consent_required} />}
      {move && <MovePart {...shared} move={move} />}
      {!guest && !move && (
        <>
          <p className="kern-body">{t('section.here')}</p>
          {mayWrite && !open && (
            <Actions>
              <Button small kind="secondary" onClick={() => begin('home')}>{t('section.mark')}</Button>
              <Button small kind="secondary" onClick={() => begin('move')}>{t('section.plan')}</Button>
            </Actions>
          )}
        </>
      )}
      {open === 'home' && <HomeForm {...form} guest={guest} />}
      {open === 'answer' && guest && <AnswerForm {...form} guest={guest} />}
      {open === 'withdraw' && guest && <WithdrawalForm {...form} guest={guest} />}
      {open === 'decide' && guest && <DecisionForm {...form} guest={guest} />}
      {open === 'move' && <MoveForm {...form} path={`/office/demands/${demand}/move-in`} move={move} newest={newestMove} areas={residence.areas} />}
      {open === 'evidence' && move && <EvidenceForm {...form} move={move} />}
    </>
  )
}

/** Where the child of a demand lives, as far as it is another municipality. */
export function ResidenceSection({ demand }: { demand: string }): JSX.Element {
  const { t } = useTranslation('residence')
  const query = useGet<Residence>(`/office/demands/${demand}/residence`)
  return (
    <Section title={t('section.title')} id="wohnort">
      <Loaded query={query} lines={2}>{(residence) => <Known demand={demand} residence={residence} />}</Loaded>
    </Section>
  )
}
