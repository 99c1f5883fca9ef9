// Fails when a text is missing in one language, is used by no page, or a page asks for one that is not there
// (the last is found by the type checker). Plural forms count as one text.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('../src/', import.meta.url).pathname
const locales = join(root, 'locales')
const REFERENCE = 'de'
const problems = []

const flatten = (node, prefix = '') =>
  Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`))
const withoutPlural = (key) => key.replace(/_(zero|one|two|few|many|other)$/, '')
const holes = (text) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]).sort().join()
const read = (language, file) => new Map(flatten(JSON.parse(readFileSync(join(locales, language, file), 'utf8'))))

function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return name === 'locales' ? [] : sources(path)
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [readFileSync(path, 'utf8')] : []
  })
}

const code = sources(root).join('\n')
const literals = new Set([...code.matchAll(/['"`]([\w.:-]+)['"`]/g)].map((match) => match[1].split(':').pop()))
const prefixes = [...code.matchAll(/`(?:\w+:)?([\w.-]+[._])\$\{/g)].map((match) => match[1])
const used = (key) => literals.has(key) || prefixes.some((prefix) => key.startsWith(prefix))

const languages = readdirSync(locales)
for (const file of readdirSync(join(locales, REFERENCE))) {
  const reference = read(REFERENCE, file)
  for (const [key, text] of reference) {
    if (!used(withoutPlural(key))) problems.push(`${file}: ${key} is used by no page`)
    if (!text.trim()) problems.push(`${REFERENCE}/${file}: ${key} is empty`)
  }
  for (const language of languages.filter((name) => name !== REFERENCE)) {
    const other = read(language, file)
    for (const key of reference.keys()) if (!other.has(key)) problems.push(`${language}/${file}: ${key} is missing`)
    for (const [key, text] of other) {
      if (!reference.has(key)) problems.push(`${language}/${file}: ${key} is not in ${REFERENCE}`)
      else if (holes(text) !== holes(reference.get(key))) problems.push(`${language}/${file}: ${key} has other {{names}}`)
    }
  }
}

// The copies of people's data are read in words: every table and column that they hold needs one.
const copy = read(REFERENCE, 'copy.json')
const leftOut = /LEFT_OUT = \[([^\]]*)\]/.exec(code)[1].match(/\w+/g)
const promised = [...readFileSync(join(root, '../../docs/operator/personendaten.txt'), 'utf8').matchAll(/^(\w+)\.(\w+) .* (?:yes|own|both)$/gm)]
if (promised.length === 0) problems.push('personendaten.txt: no column is in the copy')
for (const [, table, column] of promised) {
  if (!copy.has(`table.${table}`)) problems.push(`copy.json: table.${table} is missing`)
  if (column !== 'id' && !column.endsWith('_id') && !leftOut.includes(column) && !copy.has(`column.${column}`)) problems.push(`copy.json: column.${column} (${table}) is missing`)
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`texts: ${languages.length} languages agree`)
