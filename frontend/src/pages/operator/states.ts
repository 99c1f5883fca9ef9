/** The federal states by their official short names. */
export const STATES = ['BW', 'BY', 'BE', 'BB', 'HB', 'HH', 'HE', 'MV', 'NI', 'NW', 'RP', 'SL', 'SN', 'ST', 'SH', 'TH'] as const
export type StateCode = (typeof STATES)[number]
export const STATE_NAMES: readonly string[] = STATES
