// The shapes of named filters as the pages use them; see types.ts for the manner.

export type SavedView = { title: string; values: Record<string, string> }
export type SavedViews = { lists: Record<string, SavedView[]>; version: number }
