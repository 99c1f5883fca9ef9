// Pages of every role, as a phone and as a desk show them: each shows its heading, axe finds nothing, nothing sticks out, no fault in the log.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { base, desktop, enter, inspect, launch, person, phone } from './frame.mjs';

const tenant = 'flensburg';
const roles = {
  nobody: {
    login: null,
    pages: {
      tenants: '//',
      start: '',
      search: '/suche',
      'search-filtered': '/suche?care_type=kindergarten&sort=name',
      facility: ['/kita/', '/facilities?q=Beispielgarten', (list) => list.items[0].id],
      privacy: '/recht/privacy',
      help: '/hilfe',
      criteria: '/vergabe',
      allocations: '/vergaben',
      'sign-in': '/anmelden',
      register: '/registrieren',
      'password-forgotten': '/passwort-vergessen',
      fees: '/elternbeitraege',
      code: '/code',
      // Links of mails, as whoever lost the end of the address sees them.
      ...Object.fromEntries(
        ['bestaetigen', 'email-bestaetigen', 'passwort-neu', 'einladung', 'elternteil-einladung', 'plaetze-stimmen', 'weiter', 'anschluss'].map((name) => [
          `link-${name}`,
          `/${name}`,
        ]),
      ),
      missing: '/gibt-es-nicht',
    },
  },
  parent: {
    login: 'familie',
    pages: {
      family: '/familie',
      'family-data': '/familie/daten',
      'family-copy': '/familie/auskunft',
      'family-copy-read': '/familie/auskunft/lesen',
      'family-child': ['/familie/kind/', '/family', (family) => family.children[0].id],
      'family-care-sheet': ['/familie/kind/', '/family', (family) => family.children[0].id, '/betreuungsblatt'],
      'family-swaps': '/familie/tausch',
      'family-fees': '/familie/beitraege',
      'family-mandates': '/familie/vollmachten',
      mandates: '/vollmachten',
      'family-access': ['/familie/kind/', '/family', (family) => family.children[0].id, '/zugriffe'],
      demand: ['/bedarf/', '/demands', (list) => list.items[0].id],
      'demand-start': ['/bedarf/', '/demands', (list) => list.items.find((one) => one.state !== 'draft').id, '/beginn'],
      offer: ['/angebot/', '/offers', (list) => list.items[0].id],
      account: '/konto',
    },
  },
  'parent-drafting': {
    login: 'familie3',
    pages: Object.fromEntries(
      ['', '/kind', '/betreuung', '/betreuung/beginn', '/betreuung/zeiten', '/wuensche', '/situation', '/situation/anspruch', '/pruefen'].map((step) => [
        `draft${step.replaceAll('/', '-')}`,
        ['/bedarf/', '/demands', (list) => list.items[0].id, step],
      ]),
    ),
  },
  'parent-placed': {
    login: 'eltern12',
    pages: { contract: ['/vertrag/', '/contracts', (list) => list.items[0].id] },
  },
  leader: {
    login: 'leitung',
    pages: {
      preferences: '/arbeit/vormerkungen',
      offers: '/arbeit/angebote',
      capacity: ['/arbeit/kapazitaet/', '/staff/facilities', (list) => list.items[0].id],
      contracts: '/arbeit/vertraege',
      'contract-template': ['/arbeit/vertragstexte/', '/admin/contract-templates', (list) => list.items[0].id],
      'round-outcome': '/arbeit/vergabe',
      followups: '/arbeit/nachruecken',
      'staff-account': '/konto',
      'staff-copy-read': '/konto/auskunft',
    },
  },
  provider: {
    login: 'traeger',
    pages: {
      // Whoever has several facilities chooses one.
      ...Object.fromEntries(['kapazitaet', 'gruppen', 'statistik', 'vertragstexte'].map((name) => [`provider-${name}`, `/arbeit/${name}`])),
      'provider-criteria': '/arbeit/kriterien',
      'provider-criteria-set': ['/arbeit/kriterien/', '/admin/criteria-sets', (list) => list.items[0].id],
    },
  },
  clerk: {
    login: 'amt',
    pages: {
      office: '/amt',
      'office-followups': '/amt/nachruecken',
      'office-demands': '/amt/bedarfe',
      'office-demand': ['/amt/bedarfe/', '/office/demands', (list) => list.items[0].id],
      'office-intake': '/amt/aufnahme',
      'office-rounds': '/amt/vergabe',
      'office-round-new': '/amt/vergabe/neu',
      'office-silent': '/amt/kitas-ohne-antwort',
      'office-dead-letters': '/amt/unzustellbar',
      'office-letters': '/amt/briefe',
      'office-deviations': '/amt/abweichungen',
      'office-swaps': '/amt/tausch',
      'office-substitutes': '/amt/vertretungen',
      'office-absences': ['/amt/vertretungen/', '/staff/facilities', (list) => list.items[0].id],
      'office-followup-demands': '/amt/anschluss',
      'office-forecast': '/amt/vorschau',
      'office-survey': ['/amt/statistik/', '/facilities?q=Beispielgarten', (list) => list.items[0].id],
      'office-survey-children': ['/amt/statistik/', '/facilities?q=Beispielgarten', (list) => list.items[0].id, '/kinder'],
      // Of somebody without an account, for whom the office keeps the data.
      'office-copy': ['/amt/auskunft/', '/office/swaps/candidates', async (found, get) => (await get(`/office/children/${found.items[0].moves[0].child_id}/custody`)).items[0].guardian_id],
    },
  },
  admin: {
    login: 'verwaltung',
    pages: {
      'admin-facility': ['/verwaltung/einrichtungen/', '/admin/facilities', (list) => list.items[0].id],
      'admin-criteria-draft': ['/verwaltung/kriterien/', '/admin/criteria-sets', (list) => list.items.find((set) => set.phase === 'draft').id],
      'admin-criteria-set': ['/verwaltung/kriterien/', '/admin/criteria-sets', (list) => list.items.find((set) => set.phase === 'in_force').id],
      ...Object.fromEntries(
        ['einstellungen', 'auftritt', 'rechtliches', 'kriterien', 'vertragstexte', 'schliesstage', 'personal', 'traeger', 'einrichtungen', 'einrichtungen/neu', 'import', 'api-schluessel', 'protokoll', 'loeschfristen', 'elternbeitraege'].map((name) => [
          `admin-${name.replaceAll('/', '-')}`,
          `/verwaltung/${name}`,
        ]),
      ),
    },
  },
};

/** Those who work here sit at a desk; pages are inspected in both widths anyway. */
const atADesk = ['leader', 'provider', 'clerk', 'admin'];

/** The address of a page; one with an id asks the API, as the person who is signed in. */
async function addressOf(page, place) {
  if (typeof place === 'string') return place.startsWith('//') ? `${base}/` : `${base}/${tenant}${place}`;
  const [start, path, pick, end = ''] = place;
  const get = async (of) => {
    const answer = await page.request.get(`${base}/api/v1/${tenant}${of}`);
    assert.equal(answer.status(), 200, `${of}: ${await answer.text()}`);
    return answer.json();
  };
  return `${base}/${tenant}${start}${await pick(await get(path), get)}${end}`;
}

/** Looks at all pages of these roles. */
export function lookAt(...names) {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
  for (const role of names) rolePages(role, () => browser);
}

/** All roles there are: the files that look must have them all between them. */
export const all = Object.keys(roles);

function rolePages(role, browser) {
  const { login, pages } = roles[role];
  describe(`pages of ${role}`, () => {
    let visit;
    before(async () => {
      visit = await person(browser(), { viewport: atADesk.includes(role) ? desktop : phone });
      if (login) await enter(visit.page.request, tenant, login);
    });
    for (const [name, place] of Object.entries(pages)) {
      test(name, async () => {
        const { page } = visit;
        await page.goto(await addressOf(page, place));
        await inspect(page, name);
      });
    }
    test('nothing went wrong in the background', () => visit.end());
  });
}
