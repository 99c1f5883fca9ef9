// A table row by row as a grid: brackets of income down, hours across, a grid for each kind of care and situation of a family. The lines of
// text stay what is kept, so that a table can be pasted as well.
import type { FeeCare } from '../../api/fee-types'

/** A line as it was typed: an amount may be half an amount yet. */
export type Cell = { care: string; hours: string; income: string; lone: boolean; child: number; amount: string }
export type Family = { lone: boolean; child: number }
export type Grid = { hours: string[]; incomes: string[]; families: Family[] }

const YES = ['ja', 'yes', '1']

export function parse(text: string): Cell[] {
  return text.split('\n').filter((line) => line.trim()).map((line) => {
    const [care = '', hours = '', income = '', lone = '', child = '', amount = ''] = line.split(/[;\t]/).map((part) => part.trim())
    return { care, hours, income, lone: YES.includes(lone.toLowerCase()), child: Number(child) || 1, amount }
  })
}

export const print = (cells: Cell[]): string =>
  cells.map((cell) => [cell.care, cell.hours, cell.income, cell.lone ? 'ja' : 'nein', cell.child, cell.amount].join(';')).join('\n')

/** Without an upper end comes last. */
const byNumber = (a: string, b: string): number => (a === '' ? 1 : b === '' ? -1 : Number(a) - Number(b))
const familyKey = (family: Family): string => `${family.lone}-${family.child}`

export function gridOf(cells: Cell[], care: FeeCare): Grid {
  const mine = cells.filter((cell) => cell.care === care)
  const families = new Map(mine.map((cell) => [familyKey(cell), { lone: cell.lone, child: cell.child }]))
  return {
    hours: [...new Set(mine.map((cell) => cell.hours))].sort(byNumber),
    incomes: [...new Set(mine.map((cell) => cell.income))].sort(byNumber),
    families: [...families.values()].sort((a, b) => Number(a.lone) - Number(b.lone) || a.child - b.child),
  }
}

const found = (cells: Cell[], care: FeeCare, family: Family, income: string, hours: string): string | undefined =>
  cells.find((cell) => cell.care === care && familyKey(cell) === familyKey(family) && cell.income === income && cell.hours === hours)?.amount

export const amountAt = (cells: Cell[], care: FeeCare, family: Family, income: string, hours: string): string => found(cells, care, family, income, hours) ?? ''

/** The lines with a kind of care laid out by another grid; amounts that stand in both stay, others come from `from`. */
export function laidOut(cells: Cell[], care: FeeCare, grid: Grid, from: (family: Family, income: string, hours: string) => string = () => ''): Cell[] {
  const before = cells.findIndex((cell) => cell.care === care)
  const rest = cells.filter((cell) => cell.care !== care)
  const own = grid.families.flatMap((family) => grid.incomes.flatMap((income) => grid.hours.map((hours) => (
    { care, hours, income, ...family, amount: found(cells, care, family, income, hours) ?? from(family, income, hours) }
  ))))
  const at = before < 0 ? rest.length : cells.slice(0, before).filter((cell) => cell.care !== care).length
  return [...rest.slice(0, at), ...own, ...rest.slice(at)]
}

export const withAmount = (cells: Cell[], care: FeeCare, family: Family, income: string, hours: string, amount: string): Cell[] =>
  cells.map((cell) => (cell.care === care && familyKey(cell) === familyKey(family) && cell.income === income && cell.hours === hours ? { ...cell, amount } : cell))

export const withIncome = (cells: Cell[], care: FeeCare, old: string, income: string): Cell[] =>
  cells.map((cell) => (cell.care === care && cell.income === old ? { ...cell, income } : cell))

/** A bracket below the one without an end, or that one itself where it lacks. */
export function withBracket(cells: Cell[], care: FeeCare): Cell[] {
  const grid = gridOf(cells, care)
  const highest = Math.max(0, ...grid.incomes.filter(Boolean).map(Number).filter(Number.isFinite))
  const next = grid.incomes.includes('') ? String(highest + 10_000) : ''
  return laidOut(cells, care, { ...grid, incomes: [...grid.incomes, next].sort(byNumber) })
}

export const withoutBracket = (cells: Cell[], care: FeeCare, income: string): Cell[] => cells.filter((cell) => cell.care !== care || cell.income !== income)

/** The next child, or lone parents, with the amounts of the situation before it to begin with. */
export function withFamily(cells: Cell[], care: FeeCare, family: Family): Cell[] {
  const grid = gridOf(cells, care)
  const like = grid.families.filter((one) => one.lone === family.lone).at(-1) ?? grid.families[0] ?? family
  return laidOut(cells, care, { ...grid, families: [...grid.families, family] }, (_, income, hours) => amountAt(cells, care, like, income, hours))
}

export const withoutFamily = (cells: Cell[], care: FeeCare, family: Family): Cell[] => cells.filter((cell) => cell.care !== care || familyKey(cell) !== familyKey(family))
