/** `npm run diagrams`: writes the diagram beside each machine. */
import { writeFileSync } from 'node:fs'
import { diagramPage } from '../../machines/diagram.ts'
import { charts } from './charts.ts'

for (const { machine, file } of charts) writeFileSync(file, diagramPage(machine))
