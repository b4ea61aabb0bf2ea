import { defineConfig } from 'vite'
import { charts } from './charts.ts'

const web = new URL('../src/web/', import.meta.url).pathname

export default defineConfig({
  root: web,
  plugins: [charts()],
  oxc: { jsx: { runtime: 'automatic' } },
  experimental: {
    // `replay.html` may lie in any folder of any server; `index.html` is served for paths of any depth.
    renderBuiltUrl: (filename, { hostId, hostType }) =>
      hostType !== 'html' ? { relative: true } : hostId === 'replay.html' ? `./${filename}` : undefined,
  },
  build: {
    rollupOptions: { input: [`${web}index.html`, `${web}replay.html`] },
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
