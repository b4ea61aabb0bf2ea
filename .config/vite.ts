import { defineConfig } from 'vite'
import { charts } from './charts.ts'

export default defineConfig({
  root: new URL('../src/web', import.meta.url).pathname,
  plugins: [charts()],
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: new URL('../dist/web', import.meta.url).pathname,
    emptyOutDir: true,
    target: 'es2023',
    // Both would be inline scripts or data that the content policy refuses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  logLevel: 'warn',
})
