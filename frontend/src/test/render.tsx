import { render, type RenderResult } from '@testing-library/react'
import i18next from 'i18next'
import type { ReactElement } from 'react'
import { initReactI18next } from 'react-i18next'
import { MemoryRouter } from 'react-router'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import common from '../locales/de/common.json'
import contracts from '../locales/de/contracts.json'
import demand from '../locales/de/demand.json'
import history from '../locales/de/history.json'
import hours from '../locales/de/hours.json'
import problems from '../locales/de/problems.json'
import publicTexts from '../locales/de/public.json'
import staff from '../locales/de/staff.json'

/** Renders a part with the German texts, in a router of its own. */
export function renderTexts(element: ReactElement): RenderResult {
  if (!i18next.isInitialized) {
    void i18next.use(initReactI18next).init({
      lng: 'de', resources: { de: { common, contracts, demand, history, hours, problems, public: publicTexts, staff } }, ns: ['common'], defaultNS: 'common',
      interpolation: { escapeValue: false }, initAsync: false,
    })
  }
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  return render(<QueryClientProvider client={client}>{element}</QueryClientProvider>)
}

/** Renders a part of a page with the German texts. */
export const renderPage = (element: ReactElement, path = '/'): RenderResult => renderTexts(<MemoryRouter initialEntries={[path]}>{element}</MemoryRouter>)
