import { useState } from 'react'

// How a person likes a table (its columns) stays in this browser. Never what the table shows.
const PREFIX = 'kp-staff:'

function readSetting<T>(name: string, fallback: T): T {
  try {
    const text = localStorage.getItem(PREFIX + name)
    return text === null ? fallback : (JSON.parse(text) as T)
  } catch {
    return fallback
  }
}

export function useSetting<T>(name: string, fallback: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => readSetting(name, fallback))
  const keep = (next: T) => {
    setValue(next)
    try { localStorage.setItem(PREFIX + name, JSON.stringify(next)) } catch { /* a closed store only means that the choice is not kept */ }
  }
  return [value, keep]
}
