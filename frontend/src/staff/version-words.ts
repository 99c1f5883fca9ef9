import { useTranslation } from 'react-i18next'
import type { VersionChange } from '../api/versions-types'
import { useFormat } from './format'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const LONG = 160

/** A change in words; `long`: texts that stand below each other and not in one line. */
export type SaidChange = { field: string; before: string | null; after: string | null; long: boolean }

/** Fields and values of a version in the words of the pages on which they are set. */
export function useVersionWords(): (change: VersionChange) => SaidChange {
  const { t, i18n } = useTranslation(['versions', 'admin', 'privacy', 'aftercare', 'contracts', 'common'])
  const format = useFormat()
  // Names of fields and of values come from the contract: what has no word of ours is a name that people gave, and stays as it is.
  const firstOf = (keys: string[], otherwise: string): string => {
    const known = keys.find((key) => i18n.exists(key))
    return known === undefined ? otherwise : (i18n.t as (key: string) => string)(known)
  }
  const part = (name: string): string => (DAY.test(name) ? format.date(name) : firstOf([
    `versions:field.${name}`, `admin:settings.field.${name}`, `privacy:retention.field.${name}`, `aftercare:settings.field.${name}`, `common:role.${name}`, `common:careType.${name}`,
  ], name))
  const text = (field: string, value: string): string => {
    if (DAY.test(value)) return format.date(value)
    if (/^\d{2}:\d{2}:\d{2}$/.test(value)) return value.slice(0, 5)
    switch (field) {
      case 'allocation_mode': return firstOf([`admin:settings.mode.${value}`], value)
      case 'guest_consent': return firstOf([`aftercare:settings.consent.${value}`], value)
      case 'contract_notice_to': return firstOf([`contracts:templates.noticeTos.${value}`], value)
      case 'care_type': return firstOf([`common:careType.${value}`], value)
      case 'age_band': return firstOf([`common:ageBand.${value}`], value)
      default: return value
    }
  }
  const said = (field: string, value: unknown, depth = 0): string | null => {
    if (value === null || value === undefined || value === '') return null
    if (typeof value === 'boolean') return t(value ? 'admin:yes' : 'admin:no')
    if (typeof value === 'number') return field === 'weekly_minutes' ? t('versions:hours', { hours: format.number(value / 60) }) : format.number(value)
    if (typeof value === 'string') return text(field, value)
    // What has fields of its own stands on a line of its own.
    if (Array.isArray(value)) return value.map((entry) => said(field, entry)).filter(Boolean).join(depth === 0 && value.some((entry) => typeof entry === 'object') ? '\n' : ', ') || null
    const lines = Object.entries(value).filter(([name]) => name !== 'id').map(([name, entry]) => [part(name), said(name, entry, depth + 1)])
    return lines.filter(([, entry]) => entry).map((line) => line.join(': ')).join('; ') || null
  }
  return ({ path, before, after }) => {
    const field = path.at(-1) ?? ''
    const [was, is] = [said(field, before), said(field, after)]
    return { field: path.map(part).join(' › '), before: was, after: is, long: [was, is].some((value) => value !== null && (value.length > LONG || value.includes('\n'))) }
  }
}
