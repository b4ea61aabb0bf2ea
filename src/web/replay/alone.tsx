/** The page for a bundle as a page of its own, `replay.html`: any server of files can serve it, and it asks nobody for anything. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../style/index.css'
import { applyTheme, storedTheme } from '../browser/theme.ts'
import { Bare } from '../shell/bare.tsx'
import { Caught } from '../shell/caught.tsx'
import { OpenPage } from './open.tsx'

applyTheme(storedTheme())
const root = document.getElementById('root')
if (root === null) throw new Error('replay.html has no element "root"')
createRoot(root).render(
  <StrictMode>
    <Bare>
      <Caught>
        <OpenPage />
      </Caught>
    </Bare>
  </StrictMode>,
)
