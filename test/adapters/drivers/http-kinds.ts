/** Templates for the stand-in's own kind, which takes any JSON. */
import type { HttpKind } from '../../../src/adapters/drivers/http/settings.ts'

export const themes: HttpKind = {
  kind: 'Theme',
  apiVersion: 'honua.io/v1alpha1',
  list: { path: '/themes.json', items: '/themes/theme', empty: '', name: '/id' },
  read: { path: '/themes/{name}.json' },
  create: { method: 'POST', path: '/themes.json' },
  update: { method: 'PUT', path: '/themes/{name}.json' },
  delete: { method: 'DELETE', path: '/themes/{name}.json' },
  item: '/theme',
  name: '/id',
  ignore: ['/href'],
  remember: '/notes',
  writeOnly: [],
  etag: true,
  fixed: [],
}
