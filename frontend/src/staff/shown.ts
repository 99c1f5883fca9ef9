/** Each table by the name of its files: the word that the server's log and the sentence of its count have for it. */
export const SHOWN = {
  eingang: 'inbox', vormerkungen: 'preferences', angebote: 'offers', vertraege: 'contracts', bedarfe: 'demands', vergabefaelle: 'cases',
  vergaberunden: 'rounds', bescheide: 'notices', elternbeitraege: 'fees', forderungen: 'receivables', abweichungen: 'deviations',
  'kitas-ohne-antwort': 'silent_facilities', unzustellbar: 'dead_letters', briefe: 'letters', gastkinder: 'guests', zuzug: 'movers',
  anschluss: 'followup_demands', personal: 'staff', einladungen: 'invitations', einrichtungen: 'facilities', traeger: 'providers',
  'api-schluessel': 'api_keys', kriterien: 'criteria', schliesstage: 'closing_days', statistik: 'statistics', 'meine-kitas': 'own_facilities',
  schulbeginn: 'other_ends', protokoll: 'audit',
} as const
export type ShownList = (typeof SHOWN)[keyof typeof SHOWN] | 'other'
/** Tables that the log does not tell apart, but whose rows have a name. */
const NAMED = { 'meine-kitas': 'facilities', statistik: 'facilities', schulbeginn: 'contracts', schliesstage: 'closing_days', kriterien: 'questions', 'api-schluessel': 'keys', kommunen: 'tenants', vertretungen: 'absences' } as const
export const countOf = (name: string): ShownList | (typeof NAMED)[keyof typeof NAMED] => (name in NAMED ? NAMED[name as keyof typeof NAMED] : shownList(name))
export const shownList = (name: string): ShownList => (name in SHOWN ? SHOWN[name as keyof typeof SHOWN] : 'other')
