import i18next, { type BackendModule, type FormatterModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

export type Texts = Record<string, () => Promise<{ default: Record<string, unknown> }>>
// One file per language and namespace, fetched when a page asks for it. What only staff read is listed apart, for the list itself has a weight.
const files: Texts = import.meta.glob<{ default: Record<string, unknown> }>(['../locales/*/*.json', '!../locales/*/{actions,admin,alerts,amendments,audit,brackets,compare,dashboard,exports,figures,file,imports,inbox,lists,menu,office,operator,planning,reliefs,rounds,setup,staff,statistics,steps,told,versions,work}.json'])
const listed = async (path: string): Promise<Texts[string] | undefined> => files[path] ?? (await import('./staff')).staffFiles[path]

const lazyFiles: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    const load = async () => {
      const file = await listed(`../locales/${language}/${namespace}.json`)
      if (!file) throw new Error(`no texts for ${language}/${namespace}`)
      return (await file()).default
    }
    load().then((texts) => done(null, texts), (cause: unknown) => done(cause instanceof Error ? cause : new Error(String(cause)), false))
  },
}

/** Writes the number in a text as its language does: 2.179 in German. A year is told as a string. */
const numbers: FormatterModule = {
  type: 'formatter',
  init() {},
  add() {},
  addCached() {},
  format: (value: unknown, _format, language) => (typeof value === 'number' ? value.toLocaleString(language) : value) as string,
}

/** Fetches the texts that are still missing: a part that opens later would take the whole page away, and the focus with it, until its words are there. */
export async function loadRest(): Promise<void> {
  const { staffFiles } = await import('./staff')
  const names = [...Object.keys(files), ...Object.keys(staffFiles)].map((path) => path.replace(/^.*\/|\.json$/g, ''))
  await i18next.loadNamespaces([...new Set(names)])
}

export const LANGUAGES = ['de', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
export const LANGUAGE_NAMES: Record<Language, string> = { de: 'Deutsch', en: 'English' }
const STORE = 'kp-language'

export const isLanguage = (value: string | null | undefined): value is Language =>
  LANGUAGES.includes(value as Language)

export function storedLanguage(): Language | null {
  try {
    const value = localStorage.getItem(STORE)
    return isLanguage(value) ? value : null
  } catch {
    return null
  }
}

function browserLanguage(): Language {
  for (const tag of navigator.languages) {
    const short = tag.slice(0, 2).toLowerCase()
    if (isLanguage(short)) return short
  }
  return 'de'
}

/** Changes the language of the pages. `remember` is set when a person chose it. */
export async function setLanguage(language: string, remember = false): Promise<void> {
  if (!isLanguage(language)) return
  if (remember) {
    try { localStorage.setItem(STORE, language) } catch { /* a closed store only means that the choice is not kept */ }
  }
  await i18next.changeLanguage(language)
}

export async function startTexts(): Promise<void> {
  i18next.on('languageChanged', (language) => { document.documentElement.lang = language })
  await i18next.use(lazyFiles).use(numbers).use(initReactI18next).init({
    lng: storedLanguage() ?? browserLanguage(),
    fallbackLng: 'de',
    supportedLngs: [...LANGUAGES],
    ns: ['common'],
    defaultNS: 'common',
    interpolation: { escapeValue: false, alwaysFormat: true },
    react: { useSuspense: true },
  })
  // What is said of refusals is fetched once the first page stands, so that it is there when the connection is not.
  setTimeout(() => void i18next.loadNamespaces('problems'), 3000)
}
