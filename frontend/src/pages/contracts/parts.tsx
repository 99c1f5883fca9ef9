import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContractDetail, TextBlock } from '../../api/contract-types'
import type { NoticeTo } from '../../api/types'
import { formatDate, lastDay } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Facts, type Fact } from '../../ui'
import { useHoursText, WeekTable } from './week'

/** The words of a contract. They are German, whatever the language of the page. */
export function ContractText({ text, level }: { text: TextBlock[]; level: 3 | 4 }): JSX.Element {
  const Heading = `h${level}` as 'h3'
  const Lower = `h${level + 1}` as 'h4'
  return (
    <div className="kp-stack" lang="de">
      {text.map((block, at) => {
        switch (block.kind) {
          case 'heading': return <Heading key={at} className="kern-title">{block.text}</Heading>
          case 'subheading': return <Lower key={at} className="kern-title kern-title--small">{block.text}</Lower>
          case 'list': return <ul key={at} className="kern-body kp-list">{block.items.map((item, n) => <li key={n}>{item}</li>)}</ul>
          default: return <p key={at} className="kern-body">{block.text}</p>
        }
      })}
    </div>
  )
}

/** Who has signed a contract or a change of it, when and how, and who is missing. */
export function Signatures({ contract }: { contract: Pick<ContractDetail, 'state' | 'missing' | 'on_paper' | 'signatures'> }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const open = contract.state === 'sent' || contract.state === 'signed_by_guardians'
  const missing = open ? contract.missing : []
  const onPaper = (name: string) => contract.on_paper.some((one) => one.name === name)
  const provider = contract.signatures.some((one) => one.side === 'provider')
  if (contract.signatures.length === 0 && !open) return <p className="kern-body">{t('signatures.none')}</p>
  return (
    <ul className="kern-body kp-list">
      {contract.signatures.map((one) => (
        <li key={`${one.side}${one.name}`}>
          {t('signatures.line', { name: one.side === 'provider' ? t('signatures.provider', { name: one.name }) : one.name, date: formatDate(one.signed_on, i18n.language) })} ({t(`signatures.way.${one.way}`)})
        </li>
      ))}
      {missing.map((name) => <li key={name}><strong>{t(onPaper(name) ? 'signatures.missingPaper' : 'signatures.missing', { name })}</strong></li>)}
      {open && !provider && <li><strong>{t('signatures.missingProvider')}</strong></li>}
    </ul>
  )
}

/** What is agreed. `more` stands first. */
/** A period of notice in words, as the document has it. */
export function useNotice(): (of: { notice_months: number; notice_to: NoticeTo; notice_not_last_months: number }) => string {
  const { t } = useTranslation('contracts')
  return ({ notice_months, notice_to, notice_not_last_months }) => {
    const period = t(`facts.noticePeriod.${notice_to}`, { count: notice_months })
    return notice_not_last_months > 0 ? `${period}, ${t('facts.noticePeriod.last', { count: notice_not_last_months })}` : period
  }
}

export function Terms({ contract, more = [] }: { contract: ContractDetail; more?: Fact[] }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const words = useWords()
  const notice = useNotice()
  const hours = useHoursText()
  const day = (iso: string) => formatDate(iso, i18n.language)
  const { window_from: from, window_to: to } = contract
  return (
    <Facts items={[
      ...more,
      ...(contract.provider_name ? [{ id: 'provider', term: t('facts.provider'), value: contract.provider_name }] : []),
      { id: 'child', term: t('facts.child'), value: words.childLabel(contract.child.label) },
      { id: 'from', term: t('facts.from'), value: day(contract.care_from) },
      { id: 'last', term: t('facts.last'), value: day(lastDay(contract.care_until)) },
      { id: 'hours', term: t('facts.hours'), value: hours(contract) },
      ...(contract.week ? [{ id: 'window', term: t('facts.week'), value: <WeekTable week={contract.week} /> }] : []),
      ...(!contract.week && from && to ? [{ id: 'window', term: t('facts.window'), value: t('facts.windowValue', { from, to }) }] : []),
      { id: 'settling', term: t('facts.settling'), value: t('facts.settlingValue', { count: contract.settling_in_weeks }) },
      { id: 'notice', term: t('facts.notice'), value: notice(contract) },
      ...(contract.note ? [{ id: 'note', term: t('facts.note'), value: contract.note }] : []),
      ...(contract.words_version ? [{ id: 'version', term: t('facts.version'), value: contract.words_version }] : []),
    ]} />
  )
}
