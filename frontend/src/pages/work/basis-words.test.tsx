import { renderHook, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { Lines } from '../../ui'
import { renderPage } from '../../test/render'
import { useBasisLines } from './basis-words'

describe('what places rest on, side by side', () => {
  renderPage(<p />)
  const { result: { current: lines } } = renderHook(() => useBasisLines())
  const staff = (weekly_minutes: number) => ({ weekly_minutes, valid_from: '2027-01-01', valid_to: null })
  const group = (places: number, minutes: number) => ({
    id: 'g', name: 'Bären', age_from_months: 36, age_to_months: 84, under3: 0, over3: places, school_age: 0, opens_at: '07:00:00', closes_at: null,
    valid_from: '2027-01-01', valid_to: null, staff: [staff(minutes)], closures: [],
  })

  it('is told in words that differ when a number inside differs', () => {
    expect(lines('groups', [group(20, 2340)])[0]).toContain('Bären')
    expect(lines('groups', [group(20, 2340)])).not.toEqual(lines('groups', [group(21, 2340)]))
    expect(lines('groups', [group(20, 2340)])).not.toEqual(lines('groups', [group(20, 1170)]))
    const permit = { reference: 'Az. 7', valid_from: '2027-01-01', valid_to: null, places: [{ care_type: 'nursery' as const, age_band: 'under3' as const, places: 10 }] }
    expect(lines('permits', [permit]).join()).toMatch(/Az\. 7.*10/)
    expect(lines('permits', [permit]).join()).not.toContain('[object')
  })

  it('shows the rows that differ and counts the others', () => {
    const { container } = renderPage(<Lines own={['a', 'b', 'c']} other={['a', 'c']} />)
    expect([...container.querySelectorAll('li')].map((item) => item.textContent)).toEqual(['b', '2 weitere Zeilen sind gleich'])
    renderPage(<Lines own={['x', 'y']} other={['y', 'x']} />)
    expect(screen.getByText('x')).toBeInTheDocument()
  })
})
