import { defineConfig } from 'vitest/config'
import react from '@vitejs/plugin-react'
import { precompress } from './scripts/precompress.ts'

// KITAPLATZ_API names the running server for `npm run dev`; the page and the API must look same-origin.
const api = process.env['KITAPLATZ_API'] ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    target: 'es2022',
    sourcemap: false,
    // The served policy has no `data:` for fonts, so nothing is inlined into the style sheet.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // What every page needs, and all that it imports, is one file: it is smaller than its parts, for they share their words.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: /\/src\/(app\/(routes|area)\.tsx|ui\/index\.ts|lib\/words\.ts)$|\/react-dom\/client\.js$/ }] } } },
  },
  server: { proxy: { '/api': { target: api, changeOrigin: false } } },
  test: {
    environment: 'jsdom',
    globals: true,
    setupFiles: ['./src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
  },
})
