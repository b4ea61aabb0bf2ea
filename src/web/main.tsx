import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './style/index.css'
import { applyTheme, storedTheme } from './browser/theme.ts'
import { App } from './shell/app.tsx'

applyTheme(storedTheme())
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element "root"')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
