import { useEffect, useId, useSyncExternalStore } from 'react'

// Which forms on the page hold something that is saved nowhere; the frame asks before it is lost.
const dirty = new Set<string>()
const listeners = new Set<() => void>()
const tell = () => { for (const listener of listeners) listener() }
const subscribe = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }

/** Says of a form whether it holds something unsaved; when the form goes, so does that. */
export function useUnsaved(unsaved: boolean): void {
  const id = useId()
  useEffect(() => {
    if (!unsaved) return undefined
    dirty.add(id)
    tell()
    return () => { dirty.delete(id); tell() }
  }, [id, unsaved])
}

/** Whether any form on the page holds something unsaved. */
export const useAnyUnsaved = (): boolean => useSyncExternalStore(subscribe, () => dirty.size > 0)
