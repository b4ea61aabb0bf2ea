import { useState } from 'react'
import { applyTheme, storedTheme, themeAfter } from '../browser/theme.ts'

export function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme)
  const change = () => {
    const next = themeAfter(theme)
    applyTheme(next)
    setTheme(next)
  }
  return (
    <button type="button" className="quiet" onClick={change}>
      Theme: {theme}
    </button>
  )
}
