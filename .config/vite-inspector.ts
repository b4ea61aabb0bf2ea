import { defineConfig } from 'vite'
import web from './vite.ts'

const { plugins: _, experimental: __, ...shared } = web

/** The page of the inspector: a workspace of its own, for its receiver needs another xstate than everything else. */
export default defineConfig({
  ...shared,
  root: new URL('../src/inspector', import.meta.url).pathname,
  base: '/inspector/',
  build: { ...web.build, rollupOptions: {}, outDir: new URL('../dist/inspector', import.meta.url).pathname },
})
