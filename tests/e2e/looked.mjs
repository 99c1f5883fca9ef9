// Says which pages no browser test has inspected: looked.mjs FILE, where each line is the address of a page that was. The pages are those
// of the router; areas have a table of their own, in the module that the router loads for them.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('../../frontend/src/', import.meta.url));
const router = readFileSync(`${sources}app/routes.tsx`, 'utf8');
const areas = new Map([...router.matchAll(/const (\w+) = lazyArea\(\(\) => import\('\.\.\/(.+)'\)\)/g)].map(([, name, module]) => [name, module]));

/** The paths of an area's table; a table within a table has the same start. */
function pathsOf(module) {
  const file = [`${sources}${module}.tsx`, `${sources}${module}/index.tsx`].find(existsSync);
  if (!file) throw new Error(`no source of ${module}`);
  return [...readFileSync(file, 'utf8').matchAll(/(?:path: '([^']+)'|index: true), element: <(\w+)/g)]
    .filter(([, path, page]) => path !== '*' && page !== 'Navigate')
    .map(([, path]) => path ?? '');
}

function routes() {
  const found = [];
  let start = '';
  for (const line of router.split('\n')) {
    const path = /<Route path="([^"]+)"/.exec(line)?.[1];
    if (!path) continue;
    if (path === ':tenant') start = ':tenant/';
    if (!path.endsWith('*')) {
      found.push(path === ':tenant' ? path : start + path);
      continue;
    }
    const area = [...line.matchAll(/<(\w+) \/>/g)].map(([, name]) => name).find((name) => areas.has(name));
    if (area) found.push(...pathsOf(areas.get(area)).map((end) => (start + path.slice(0, -1) + end).replace(/\/$/, '')));
  }
  return found;
}

/** How well an address fits a pattern: the more of it is said word by word, the better; 0 is not at all. */
function fit(pattern, address) {
  const [wanted, parts] = [pattern.split('/'), address.split('/').filter(Boolean)];
  if (wanted.length !== parts.length || !wanted.every((part, n) => part.startsWith(':') || part === parts[n])) return 0;
  return 1 + wanted.filter((part) => !part.startsWith(':')).length;
}

const patterns = routes();
if (patterns.length < 80) throw new Error(`only ${patterns.length} pages found in the router; this script no longer understands it`);
const missing = new Set(patterns);
for (const address of readFileSync(process.argv[2], 'utf8').split('\n')) {
  const [best] = patterns.map((pattern) => [fit(pattern, address), pattern]).sort(([one], [other]) => other - one);
  if (best[0] > 0) missing.delete(best[1]);
}
if (missing.size > 0) {
  console.error(`no browser test inspects:\n  ${[...missing].sort().join('\n  ')}`);
  process.exit(1);
}
console.log(`every one of ${patterns.length} pages was inspected as a phone and as a desk show it`);
