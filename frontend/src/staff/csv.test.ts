import { describe, expect, it } from 'vitest'
import { csvCell, toCsv } from './csv'

describe('a table as a file', () => {
  it('makes cells harmless that a spreadsheet would run', () => {
    for (const text of ['=1+1', '+49 341', '-5', '@SUM(A1)', ' =cmd', '\t=1', '＝1', '＋1', ' －1', '＠A1', '\nMia', ' \rMia']) expect(csvCell(text)).toMatch(/^"'/)
    expect(csvCell('Mia B.')).toBe('Mia B.')
  })
  it('quotes what would break a row and leaves numbers as numbers', () => {
    expect(csvCell('Kita "Sonne"; Haus 2')).toBe('"Kita ""Sonne""; Haus 2"')
    expect(csvCell(-3.5)).toBe('-3,5')
    expect(csvCell(null)).toBe('')
  })
  it('begins with the mark that tells a German spreadsheet of umlauts', () => {
    expect(toCsv([['Träger', 'Plätze'], ['AWO', 12]])).toBe('\uFEFFTräger;Plätze\r\nAWO;12\r\n')
  })
})
