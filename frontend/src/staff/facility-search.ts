import { useEffect, useState } from 'react'
import { useGet } from '../api/hooks'
import type { FacilityResult, FacilitySearch } from '../api/types'

type Found = { hits: FacilityResult[]; answered: boolean }

/** The facilities that a text finds, from two letters on, a moment after the last of them; `answered`: these are all. */
export function useFacilitiesNamed(text: string): Found {
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 300)
    return () => clearTimeout(timer)
  }, [text])
  const enabled = asked.length >= 2 && text.trim() !== ''
  const found = useGet<FacilitySearch>('/facilities', { q: asked, limit: 8, sort: 'name' }, { enabled })
  return { hits: enabled ? found.data?.items ?? [] : [], answered: enabled && found.isSuccess }
}
