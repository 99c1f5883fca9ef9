import { describe, expect, it } from 'vitest'
import { apart } from './apart'

const label = (x: number, y: number) => ({ x, y, halfWidth: 40, halfHeight: 14 })

describe('labels on the map', () => {
  it('lie beside or below each other and never on one another', () => {
    expect(apart([label(0, 10), label(50, 0), label(300, 0)])).toEqual([18, 0, 0])
  })
  it('go on until there is room', () => {
    expect(apart([label(0, 0), label(0, 1), label(0, 2)])).toEqual([0, 27, 54])
  })
})
