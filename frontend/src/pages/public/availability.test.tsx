import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Availability } from '../../api/types'
import texts from '../../locales/de/public.json'
import { renderPage } from '../../test/render'
import { AvailabilityView } from './availability'

const FREE: Availability = { state: 'covered', age_band: 'under3', free_from: null, free_until: null, confirmed_on: '2027-01-05', stale: false, is_example: false }

describe('what is said of a free place', () => {
  it('is grey and says so where the facility did not confirm it for long', () => {
    const { container } = renderPage(<AvailabilityView value={{ ...FREE, stale: true }} />)
    expect(container.querySelector('.kp-free--stale')).not.toBeNull()
    expect(container.querySelector('.kern-badge--success')).toBeNull()
    expect(screen.getByText(new RegExp(texts.free.stale.slice(0, 20)))).toBeTruthy()
  })
  it('is green with its day where it is fresh', () => {
    const { container } = renderPage(<AvailabilityView value={FREE} />)
    expect(container.querySelector('.kp-free--stale')).toBeNull()
    expect(container.querySelector('.kern-badge--success')).not.toBeNull()
    expect(screen.queryByText(new RegExp(texts.free.stale.slice(0, 20)))).toBeNull()
  })
})
