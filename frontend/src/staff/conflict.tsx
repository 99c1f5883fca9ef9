import { useEffect, useRef, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert, Button } from '../ui'

export type Difference = { id: string; label: ReactNode; mine: string; theirs: string }
type Props = { differences: Difference[]; busy?: boolean; onMine: () => void; onTheirs: () => void }

/** Somebody else was faster: both versions side by side, nothing typed is lost. */
export function Conflict({ differences, busy = false, onMine, onTheirs }: Props): JSX.Element {
  const { t } = useTranslation()
  const place = useRef<HTMLDivElement>(null)
  // The button that was pressed may be a screen further down.
  useEffect(() => { place.current?.focus() }, [])
  const show = (value: string) => value || t('conflict.empty')
  return (
    <div ref={place} tabIndex={-1} className="kp-conflict-place">
    <Alert tone="warning" live title={t('conflict.title')}>
      <p className="kern-body">{t('conflict.text')}</p>
      {differences.length > 0 && (
        <table className="kp-dense kp-conflict">
          <thead><tr><th scope="col">{t('conflict.field')}</th><th scope="col">{t('conflict.mine')}</th><th scope="col">{t('conflict.theirs')}</th></tr></thead>
          <tbody>
            {differences.map((line) => (
              <tr key={line.id}>
                <th scope="row" data-label={t('conflict.field')}>{line.label}</th>
                <td data-label={t('conflict.mine')}>{show(line.mine)}</td>
                <td data-label={t('conflict.theirs')}>{show(line.theirs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="kp-actions">
        <Button small busy={busy} onClick={onMine}>{t('conflict.keepMine')}</Button>
        <Button small kind="secondary" onClick={onTheirs}>{t('conflict.takeTheirs')}</Button>
      </div>
    </Alert>
    </div>
  )
}
