import type { Plugin } from 'vite'
import { environmentMachine } from '../machines/environment/machine.ts'
import { sourceMachine } from '../machines/source/machine.ts'
import { drawnOf } from '../src/web/chart/layout/index.ts'

const NAME = /^virtual:chart\/(environment|source)$/

/** `virtual:chart/<name>`: a chart as it is drawn. Placing it is the build's work, so that a browser loads no machine for it. */
export function charts(): Plugin {
  return {
    name: 'charts',
    resolveId: (id) => (NAME.test(id) ? `\0${id}` : undefined),
    load(id) {
      const name = NAME.exec(id.replace('\0', ''))?.[1]
      if (name === undefined) return
      const drawn = drawnOf(name === 'environment' ? environmentMachine : sourceMachine)
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(drawn))})`
    },
  }
}
