import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { QueryClientProvider } from '@tanstack/react-query'
import '@kern-ux/native/dist/kern.min.css'
import './styles/fonts.css'
import './styles/app.css'
import './styles/public.css'
import './styles/family.css'
import { queryClient } from './api/hooks'
import { AppRoutes } from './app/routes'
import { startTexts } from './i18n'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root element')
await startTexts()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <Suspense fallback={null}><AppRoutes /></Suspense>
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
)
