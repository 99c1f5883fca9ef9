// Sums up the script a parent's browser fetches for the first page, compressed, and fails above the limit.
import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const LIMIT = 120 * 1024
const dist = new URL('../dist/', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'))
const PAGES = {
  start: ['index.html', 'src/pages/public/start.tsx', 'src/locales/de/common.json', 'src/locales/de/public.json'],
  home: ['index.html', 'src/pages/family/index.tsx', 'src/locales/de/common.json', 'src/locales/de/family.json'],
}

function files(entry, found = new Set()) {
  const chunk = manifest[entry]
  if (!chunk) throw new Error(`not in the manifest: ${entry}`)
  if (chunk.file.endsWith('.js') && !found.has(chunk.file)) {
    found.add(chunk.file)
    for (const other of chunk.imports ?? []) files(other, found)
  }
  return found
}

let failed = false
for (const [page, entries] of Object.entries(PAGES)) {
  const all = [...new Set(entries.flatMap((entry) => [...files(entry)]))]
  const size = (compress) => all.reduce((sum, file) => sum + compress(readFileSync(dist + file)).length, 0)
  const [gzip, brotli] = [size(gzipSync), size(brotliCompressSync)]
  console.log(`${page}: ${all.length} files, ${(gzip / 1024).toFixed(1)} KB gzip, ${(brotli / 1024).toFixed(1)} KB brotli`)
  if (brotli > LIMIT) failed = true
}
if (failed) {
  console.error(`more than ${LIMIT / 1024} KB`)
  process.exit(1)
}
