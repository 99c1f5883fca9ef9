import { describe, expect, it } from 'vitest'
import { amountAt, gridOf, laidOut, parse, print, withAmount, withBracket, withFamily, withIncome, withoutBracket } from './brackets'

const TEXT = 'nursery;20;30000;nein;1;100,00\nnursery;20;;nein;1;150,00\nkindergarten;45;;nein;1;90,0'
const both = { lone: false, child: 1 }

describe('a table as a grid', () => {
  it('keeps what was typed, also half an amount', () => {
    expect(print(parse(TEXT))).toBe(TEXT)
    expect(gridOf(parse(TEXT), 'nursery')).toEqual({ hours: ['20'], incomes: ['30000', ''], families: [both] })
  })

  it('adds a bracket, a step of hours and a second child for the whole kind of care and leaves the others alone', () => {
    let cells = withBracket(parse(TEXT), 'nursery')
    expect(gridOf(cells, 'nursery').incomes).toEqual(['30000', '40000', ''])
    cells = withAmount(cells, 'nursery', both, '40000', '20', '120,00')
    cells = laidOut(cells, 'nursery', { ...gridOf(cells, 'nursery'), hours: ['20', '40'] })
    cells = withFamily(cells, 'nursery', { lone: false, child: 2 })
    expect(cells.filter((cell) => cell.care === 'nursery')).toHaveLength(3 * 2 * 2)
    expect(amountAt(cells, 'nursery', { lone: false, child: 2 }, '40000', '20')).toBe('120,00')
    expect(print(cells).endsWith('kindergarten;45;;nein;1;90,0')).toBe(true)
  })

  it('changes the end of a bracket everywhere and takes one away', () => {
    const cells = withIncome(withFamily(parse(TEXT), 'nursery', { lone: true, child: 1 }), 'nursery', '30000', '35000')
    expect(gridOf(cells, 'nursery').incomes).toEqual(['35000', ''])
    expect(gridOf(withoutBracket(cells, 'nursery', '35000'), 'nursery').incomes).toEqual([''])
  })
})
