import { useEffect } from 'react'

/** How often, at most, the server is told that somebody is still there; a session of staff ends after 30 minutes of silence. */
export const KEEP_ALIVE = 10 * 60_000

/** Whoever types for a long time sends nothing meanwhile: the session is kept by a look at it, at most every ten minutes and only while somebody types. */
export function useKeepAlive(signedIn: boolean, look: () => void): void {
  useEffect(() => {
    if (!signedIn) return undefined
    let last = Date.now()
    const onInput = () => {
      if (Date.now() - last < KEEP_ALIVE) return
      last = Date.now()
      look()
    }
    document.addEventListener('input', onInput, true)
    return () => document.removeEventListener('input', onInput, true)
  }, [signedIn, look])
}
