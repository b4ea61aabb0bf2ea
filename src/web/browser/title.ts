import { useEffect } from 'react'

const PRODUCT = 'Honua GitOps'

/** Names the page for tabs, bookmarks and screen readers; what is particular to it comes first. */
export function useTitle(words: string): void {
  useEffect(() => {
    document.title = `${words} · ${PRODUCT}`
  }, [words])
}
