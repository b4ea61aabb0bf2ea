import { useRef } from 'react'
import type { ComponentView, CompositionView } from '../../api/contract.ts'
import { shown } from '../parts/words.ts'
import { Arrows, useArrows } from './arrows.tsx'
import { Box } from './box.tsx'
import type { Drawing } from './drawing.ts'
import { componentWords, phaseWords } from './words.ts'

/** What an environment is made of, phase by phase, each box with its state; and which refers to which. */
export function Picture({ drawing }: { readonly drawing: Drawing }) {
  const { components, references, hasTopology } = drawing.composition
  const around = useRef<HTMLDivElement>(null)
  const drawn = useArrows(around, references)
  if (components.length === 0)
    return <p>No target is configured for it: name one in spec.targets of the controller’s configuration.</p>
  const phases = grouped(components, ({ phase }) => phase)
  return (
    <div className="picture" ref={around}>
      <Arrows drawn={drawn} />
      <ol className="phases">
        {phases.map(([phase, inPhase]) => (
          <li key={phase} className={hasTopology ? 'phase' : ''}>
            {hasTopology && <h3>{phaseWords(phase)}</h3>}
            <ul className="components">
              {grouped(inPhase, ({ component }) => component).map(([component, instances]) => (
                <li
                  key={component}
                  data-component={component ?? undefined}
                  className={component === null ? 'bare' : 'component'}
                >
                  {component !== null && <h4>{shown(componentWords(component))}</h4>}
                  <Uses component={component} references={references} />
                  <ul className="boxes">
                    {instances.map((one) => (
                      <Box key={`${one.instance} ${one.target}`} one={one} drawing={drawing} />
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </div>
  )
}

/** The arrows in words. */
function Uses({
  component,
  references,
}: {
  readonly component: string | null
  readonly references: CompositionView['references']
}) {
  const used = references.filter(({ from }) => from === component).map(({ to }) => shown(componentWords(to)))
  return used.length === 0 ? null : <p className="faint uses">Refers to {used.join(', ')}</p>
}

function grouped(
  components: readonly ComponentView[],
  by: (one: ComponentView) => string | null,
): readonly (readonly [string | null, readonly ComponentView[]])[] {
  const groups = new Map<string | null, ComponentView[]>()
  for (const one of components) groups.set(by(one), [...(groups.get(by(one)) ?? []), one])
  return [...groups]
}
