/** "1,2 km" or "450 m" */
export function formatDistance(metres: number, language: string): string {
  if (metres < 1000) return `${new Intl.NumberFormat(language).format(Math.max(50, Math.round(metres / 50) * 50))} m`
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(metres / 1000)} km`
}
export const languageName = (code: string, language: string): string => {
  if (!/^[a-z]{2,3}$/i.test(code)) return code
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}
export const addressOf = (place: { street: string; house_number: string; postal_code: string; city: string }): string =>
  [`${place.street} ${place.house_number}`.trim(), `${place.postal_code} ${place.city}`.trim()].filter(Boolean).join(', ')
