import { useEffect, useState } from 'react'
import { ask, askLines } from './call.ts'

export type Asked<Value> =
  | { readonly state: 'asking'; readonly value: null }
  | { readonly state: 'there'; readonly value: Value }
  | { readonly state: 'failed'; readonly value: Value | null; readonly error: unknown }

/** What a path answers, asked again whenever `version` changes; what was there stays until the new answer is there. Nothing is asked for null. */
export function useAsked<View>(path: string | null, version: string): Asked<View> {
  return useFetched(path, version, ask<View>)
}

/** The same for lines of JSON. */
export function useAskedLines<View>(path: string, version: string): Asked<readonly View[]> {
  return useFetched(path, version, askLines<View>)
}

function useFetched<Value>(
  path: string | null,
  version: string,
  fetched: (path: string, signal: AbortSignal) => Promise<Value>,
): Asked<Value> {
  const [answer, setAnswer] = useState<{ readonly path: string | null; readonly asked: Asked<Value> }>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a reason to ask, though it is not part of the question
  useEffect(() => {
    if (path === null) return
    const stop = new AbortController()
    fetched(path, stop.signal).then(
      (value) => setAnswer({ path, asked: { state: 'there', value } }),
      (error: unknown) => {
        if (stop.signal.aborted) return
        setAnswer((known) => ({
          path,
          asked: { state: 'failed', value: known?.path === path ? known.asked.value : null, error },
        }))
      },
    )
    return () => stop.abort()
  }, [path, version, fetched])
  return answer?.path === path ? answer.asked : { state: 'asking', value: null }
}
