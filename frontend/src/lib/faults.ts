import { useTranslation } from 'react-i18next'

/** Words for what is wrong with a cell of a list. The server's sentence is English: of it the value and the row that it names are kept. */
export function useFaultWords(): (fault: { code: string; detail: string }) => string {
  const { t, i18n } = useTranslation('imports')
  return ({ code, detail }) => {
    const known = i18n.exists(`imports:fault.${code}`) ? t(`fault.${code as 'required'}`) : t('fault.invalid')
    const [, value, row] = /^(?:"(.+)"|row (\d+))/.exec(detail) ?? []
    return [known, value && t('faultValue', { value }), row && t('faultRow', { row })].filter(Boolean).join(' ')
  }
}
