// The office's day: figures that open their lists, a notice on its way through two people to the family, and a child's file.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, desktop, enter, inspect, jobsDone, launch, password, person, phone, settled, t } from './frame.mjs';

const tenant = 'flensburg';
const logins = ['familie', 'familie2', ...Array.from({ length: 20 }, (_, n) => `eltern${String(n + 1).padStart(2, '0')}`)];

let browser;
let clerk;
let file;
let code;
before(async () => {
  browser = await launch();
  clerk = await person(browser, { viewport: desktop });
});
after(() => browser?.close());

// Each step stands on the one before it; after a failure the rest would only wait for what cannot come.
let broken = false;
function test(title, work) {
  step(title, async (context) => {
    if (broken) return context.skip('an earlier step failed');
    broken = true;
    await work();
    broken = false;
  });
}

/** The same address on a phone, looked at. */
async function onPhone(login, address, name) {
  const small = await person(browser, { viewport: phone });
  await enter(small.page.request, tenant, login);
  await small.page.goto(address);
  await inspect(small.page, name);
  await small.end();
}

/** Who of the made-up families has the demand with this code. */
async function loginOf(wanted) {
  for (const login of logins) {
    const body = JSON.stringify({ email: `${login}@${tenant}.example`, password });
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${base}/api/v1/${tenant}/session`, { method: 'POST', headers, body });
    if (!answer.ok) continue;
    const cookie = answer.headers.get('set-cookie').split(';')[0];
    const demands = await (await fetch(`${base}/api/v1/${tenant}/demands`, { headers: { cookie } })).json();
    const found = demands.items.find((demand) => demand.reference_code === wanted);
    if (found) return { login, demand: found.id };
  }
  return assert.fail(`nobody has the demand ${wanted}`);
}

/** Where a page of the office has its rows from, with the query of its address. */
const SOURCES = {
  bedarfe: 'office/demands', bescheide: 'office/notices', abweichungen: 'office/deviations', gastkinder: 'office/guests', zuzug: 'office/movers',
  schulbeginn: 'office/contracts/school-rule', 'kitas-ohne-antwort': 'office/silent-facilities', unzustellbar: 'office/dead-letters', briefe: 'office/letters',
  vertretungen: 'staff/inbox?kind=absence',
};

/** Every number of the overview that is a link says how long the list is that it opens. */
async function figures(page) {
  const links = await page.locator('main a').evaluateAll((all) => all.map((link) => ({
    href: link.href, says: (link.querySelector('.kp-figure__value') ?? link).textContent.replace(/[.\s]/g, ''),
  })).filter((link) => /^\d+$/.test(link.says)));
  assert.ok(links.length > 50, `only ${links.length} figures open a list`);
  for (const { href, says } of links) {
    const { pathname, search } = new URL(href);
    const source = SOURCES[pathname.split('/').at(-1)] ?? assert.fail(`no list is known for ${href}`);
    const answer = await (await page.request.get(`${base}/api/v1/${tenant}/${source}${search}`)).json();
    assert.equal(answer.total ?? answer.items.length, Number(says), href);
  }
}

test('each figure of the overview opens its list', async () => {
  const { page } = clerk;
  await enter(page.request, tenant, 'amt');
  await jobsDone();
  await page.goto(`${base}/${tenant}/amt`);
  await page.getByRole('heading', { name: t('dashboard', 'claims') }).waitFor();
  await inspect(page, 'office-01-dashboard-desktop');
  await page.getByRole('button', { name: t('office', 'overview.showTable'), exact: true }).click();
  await figures(page);
  const row = page.getByRole('region', { name: t('dashboard', 'byMonth') }).getByRole('link').first();
  const count = Number(await row.innerText());
  await row.click();
  await page.getByRole('heading', { level: 1, name: t('office', 'demands.title') }).waitFor();
  assert.match(page.url(), /view=without_place.*start_from=/);
  await settled(page);
  assert.equal(await page.locator('table.kp-dense tbody tr').count(), count);
  await onPhone('amt', `${base}/${tenant}/amt?age_band=under3`, 'office-02-dashboard-phone');
});

test('a second person approves a notice and posts it', async () => {
  const { page } = clerk;
  // The notices of fees stand in the same list.
  await page.goto(`${base}/${tenant}/amt/bescheide?state=drafted`);
  const draft = page.getByRole('row').filter({ hasText: t('notices', 'state.drafted') });
  await draft.first().waitFor();
  await inspect(page, 'office-03-notices-desktop');
  await draft.getByRole('button').first().click();
  await page.getByRole('button', { name: t('notices', 'act.approve'), exact: true }).waitFor();
  await inspect(page, 'office-04-notice-desktop');
  await page.getByRole('button', { name: t('notices', 'act.approve'), exact: true }).click();
  await page.getByRole('button', { name: t('notices', 'act.issue'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(t('notices', 'step.issue.text')).waitFor();
  await inspect(page, 'office-05-posting-desktop');
  await dialog.getByRole('button', { name: t('notices', 'step.issue.send'), exact: true }).click();
  await page.getByText(t('notices', 'state.issued'), { exact: true }).first().waitFor();
  code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await page.locator('main').innerText())[0];
  const pdf = await page.request.get((await page.getByRole('link', { name: t('notices', 'act.pdf') }).getAttribute('href')).replace(/^\//, `${base}/`));
  assert.equal(pdf.headers()['content-type'], 'application/pdf');
  await onPhone('amt', page.url(), 'office-06-notice-phone');
});

test('the file of the child holds the notice and who did it', async () => {
  const { page } = clerk;
  await page.getByRole('link', { name: code }).click();
  await page.getByRole('heading', { name: t('notices', 'title'), exact: true }).waitFor();
  await inspect(page, 'office-07-demand-desktop');
  await page.getByRole('link', { name: t('file', 'openFile') }).click();
  await page.getByRole('heading', { name: t('file', 'events') }).waitFor();
  await page.getByRole('button', { name: t('file', 'demand.check') }).click();
  await page.getByText(t('file', 'result.unavailable')).first().waitFor();
  file = page.url();
  await inspect(page, 'office-08-file-desktop');
  await page.getByRole('button', { name: t('file', 'subject.notice'), exact: true }).click();
  const lines = page.locator('ol.kp-events > li');
  assert.match(await lines.first().innerText(), new RegExp(t('file', 'notice.issued')));
  assert.match(await lines.first().innerText(), new RegExp(t('common', 'role.clerk')));
  await onPhone('amt', file, 'office-09-file-phone');
});

test('the family reads the notice and until when it can object', async () => {
  const { login, demand } = await loginOf(code);
  const family = await person(browser, { viewport: phone });
  await enter(family.page.request, tenant, login);
  await family.page.goto(`${base}/${tenant}/bedarf/${demand}`);
  await family.page.getByRole('heading', { name: t('notices', 'own.title'), exact: true }).waitFor();
  await inspect(family.page, 'office-10-own-notice-phone');
  await family.end();
});

test('the administration writes a template and sees the register', async () => {
  const admin = await person(browser, { viewport: desktop });
  const { page } = admin;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/amt/bescheid-vorlagen`);
  await page.getByRole('button', { name: t('notices', 'templates.writeFor', { kind: t('notices', 'kind.refusal') }), exact: true }).click();
  await page.getByLabel(t('notices', 'text.title')).fill('Ablehnung');
  await inspect(page, 'office-11-template-desktop');
  await page.getByRole('button', { name: t('notices', 'templates.save') }).click();
  await page.getByText(t('notices', 'templates.saved')).waitFor();
  await page.goto(`${base}/${tenant}/amt/melderegister`);
  await page.getByText(t('file', 'register.none')).waitFor();
  await page.getByLabel(t('file', 'register.file')).setInputFiles({ name: 'liste.csv', mimeType: 'text/csv', buffer: Buffer.from('vorname;name;geburtsdatum\nMia;Braun;14.03.2026\n') });
  await page.getByRole('button', { name: t('file', 'register.send') }).click();
  await page.getByText(t('file', 'register.done_one', { count: '1' })).waitFor();
  await inspect(page, 'office-12-register-desktop');
  await admin.end();
});

test('nothing went wrong in the background', async () => {
  await clerk.end();
});
