import type { Texts } from './index'

/** The files of texts that only staff read. */
export const staffFiles: Texts = import.meta.glob<{ default: Record<string, unknown> }>('../locales/*/{actions,admin,alerts,amendments,audit,brackets,compare,dashboard,exports,figures,file,imports,inbox,lists,menu,office,operator,planning,reliefs,rounds,setup,staff,statistics,steps,told,versions,work}.json')
