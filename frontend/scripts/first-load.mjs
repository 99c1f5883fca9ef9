// Sums up the script a parent's browser fetches for each first page, compressed, and fails above the limit (KITAPLATZ_FIRST_LOAD_KB names another one).
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const LIMIT = Number(process.env['KITAPLATZ_FIRST_LOAD_KB'] ?? 120) * 1024
const root = new URL('../', import.meta.url).pathname
const dist = join(root, 'dist/')
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'))
const LANGUAGES = ['de', 'en']
// Where a parent arrives. Later pages load a part more each.
const PAGES = {
  'start': 'src/pages/public/start.tsx',
  'search': 'src/pages/public/search.tsx',
  'facility': 'src/pages/public/facility.tsx',
  'sign-in': 'src/pages/account/entry.tsx',
  'family': 'src/pages/family/index.tsx',
  'demand': 'src/pages/demand/index.tsx',
}

function chunks(entry, found = new Set()) {
  const chunk = manifest[entry]
  if (!chunk) throw new Error(`not in the manifest: ${entry}`)
  if (chunk.file.endsWith('.js') && !found.has(chunk.file)) {
    found.add(chunk.file)
    for (const other of chunk.imports ?? []) chunks(other, found)
  }
  return found
}

const sourceOf = (path) => ['', '.ts', '.tsx', '/index.ts'].map((end) => path + end).find((name) => /\.tsx?$/.test(name) && existsSync(join(root, name)))

/** The texts that a source and all it imports wait for: those of any state of the page, so rather too many than too few. */
function texts(source, found = new Set(['common']), seen = new Set()) {
  if (!source || seen.has(source)) return found
  seen.add(source)
  const code = readFileSync(join(root, source), 'utf8')
  for (const [, name] of code.matchAll(/useTranslation\('(\w+)'\)/g)) found.add(name)
  for (const [, path] of code.matchAll(/^(?:import|export)(?! type)\b[^']*? from '(\.[^']+)'/gm)) texts(sourceOf(join(dirname(source), path)), found, seen)
  return found
}

const kb = (bytes) => (bytes / 1024).toFixed(1)
let failed = false
for (const [page, source] of Object.entries(PAGES)) {
  for (const language of LANGUAGES) {
    const names = [...texts(source)]
    const entries = ['index.html', source, ...names.map((name) => `src/locales/${language}/${name}.json`)]
    const all = [...new Set(entries.flatMap((entry) => [...chunks(entry)]))]
    const size = (compress) => all.reduce((sum, file) => sum + compress(readFileSync(dist + file)).length, 0)
    const brotli = size(brotliCompressSync)
    if (brotli > LIMIT) failed = true
    console.log(`${brotli > LIMIT ? '✗' : ' '} ${page} (${language}): ${all.length} files, ${kb(brotli)} KB brotli, ${kb(size(gzipSync))} KB gzip; texts ${names.join(', ')}`)
  }
}
if (failed) {
  console.error(`more than ${kb(LIMIT)} KB`)
  process.exit(1)
}
