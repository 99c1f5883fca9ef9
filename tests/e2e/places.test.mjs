// Places through the pages: what they rest on, the look ahead, the group board by mouse, keyboard and phone, and staffing keys.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { base, date, desktop, enter, inspect, launch, person, phone, settled, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('places', key, gaps);

let browser;
let manager;
let facility;
let day;
before(async () => {
  browser = await launch();
  manager = await person(browser, { viewport: desktop });
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

const api = async (page, path) => (await page.request.get(`${base}/api/v1/${tenant}${path}`)).json();
const group = (page, name) => page.getByRole('region', { name, exact: true });

test('what places rest on is entered, and the places follow at once', async () => {
  const { page } = manager;
  await enter(page.request, tenant, 'leitung');
  facility = (await api(page, '/staff/facilities')).items[0].id;
  const before = await api(page, `/staff/facilities/${facility}/capacity`);
  await page.goto(`${base}/${tenant}/arbeit/kapazitaet/${facility}`);
  await page.getByRole('link', { name: words('basis.title'), exact: true }).click();
  await page.getByLabel(words('basis.name')).first().waitFor();
  await inspect(page, 'places-01-basis-desktop');
  // Two reserved places in the band with most of them.
  await page.getByRole('button', { name: words('basis.addContingent') }).click();
  const row = page.getByRole('group', { name: words('basis.contingent', { n: 1 }) });
  await row.getByLabel(words('basis.places')).fill('2');
  await page.getByRole('button', { name: words('basis.save'), exact: true }).click();
  await page.getByRole('alert').getByText(words('basis.needDate')).first().waitFor();
  await row.getByLabel(words('basis.purpose'), { exact: true }).fill('Notplätze');
  await row.getByLabel(words('basis.to'), { exact: true }).fill('2099-12-31');
  await page.getByRole('button', { name: words('basis.save'), exact: true }).click();
  await page.getByText(words('basis.saved')).waitFor();
  const now = await api(page, `/staff/facilities/${facility}/capacity`);
  const first = (body) => body.bands.find((band) => band.age_band === 'over3').months[0];
  assert.equal(first(now).reserved, 2);
  assert.equal(first(now).bookable, first(before).bookable - 2);
  await page.goto(`${base}/${tenant}/arbeit/kapazitaet/${facility}`);
  await inspect(page, 'places-02-capacity-desktop');
});

test('the days of a month tell who comes and who leaves', async () => {
  const { page } = manager;
  const section = page.locator('section', { has: page.getByRole('heading', { name: words('days.title') }) });
  await section.getByLabel(words('days.month')).waitFor();
  const months = await section.getByLabel(words('days.month')).locator('option').evaluateAll((all) => all.map((one) => one.value));
  assert.equal(months.length, 24);
  let change;
  for (const month of months) {
    [change] = (await api(page, `/staff/facilities/${facility}/month?month=${month}`)).changes;
    if (change) break;
  }
  await section.getByLabel(words('days.month')).selectOption(`${change.day.slice(0, 7)}-01`);
  await section.getByRole('listitem').filter({ hasText: change.child }).filter({ hasText: words(`days.what.${change.what}`) }).first().waitFor();
  await section.getByRole('button', { name: t('work', 'capacity.showTable') }).first().click();
  const days = new Date(Number(change.day.slice(0, 4)), Number(change.day.slice(5, 7)), 0).getDate();
  assert.equal(await section.getByRole('table').first().getByRole('row').count(), days + 1);
  await inspect(page, 'places-02-days-desktop');
});

test('the forecast is a chart, a table and a file', async () => {
  const { page } = manager;
  await page.goto(`${base}/${tenant}/arbeit/vorschau`);
  await page.getByRole('heading', { level: 1, name: words('forecast.title') }).waitFor();
  await settled(page);
  const chart = page.locator('.kp-cap').first();
  const sum = chart.locator('.kp-cap__sum');
  const told = await sum.innerText();
  await chart.getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await sum.innerText(), told, 'the arrow keys tell the next month');
  assert.equal(await chart.getByRole('button').count(), 24);
  await page.getByRole('button', { name: t('work', 'capacity.showTable') }).first().click();
  await page.getByRole('table').first().waitFor();
  await inspect(page, 'places-03-forecast-desktop');
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: words('forecast.csv') }).click();
  const file = readFileSync(await (await waiting).path(), 'utf8');
  assert.match(file, /Genehmigt;Betreibbar;Belegt;Gehalten;Reserviert;Buchbar;Fehlt/);
});

test('the administration enters a staffing key of its own', async () => {
  const admin = await person(browser, { viewport: desktop });
  const { page } = admin;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/personalschluessel`);
  // Schleswig-Holstein: no key comes with the product.
  await page.getByText(words('keys.none')).waitFor();
  await page.getByLabel(words('keys.name')).fill('Satzung 2020');
  await page.getByLabel(words('keys.from')).fill('2020-08-01');
  await page.getByRole('button', { name: words('keys.add'), exact: true }).click();
  await page.getByText(words('keys.added')).waitFor();
  await page.getByText('Satzung 2020').first().waitFor();
  await page.getByText(words('keys.inForce')).waitFor();
  await inspect(page, 'places-04-keys-desktop');
  await admin.end();
});

test('a child is put into a group by mouse and by keyboard, warned and not stopped, and taken back', async () => {
  const { page } = manager;
  day = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
  const board = await api(page, `/staff/facilities/${facility}/groups?on=${day}`);
  assert.equal(board.without_group.length, 1, 'one child just came; the others are in groups');
  assert.ok(board.groups.every((one) => one.children.length > 0));
  await page.goto(`${base}/${tenant}/arbeit/gruppen/${facility}?tag=${day}`);
  const without = group(page, words('board.without'));
  const child = without.getByRole('listitem').first();
  const name = await child.locator('strong').innerText();
  const [small, large] = ['Igelgruppe', 'Fuchsgruppe'];
  // By the name: the middle of the card is its list of groups.
  await child.locator('strong').dragTo(group(page, small), { targetPosition: { x: 60, y: 24 } });
  await page.getByText(words('board.moved', { child: name, group: small })).waitFor();
  await group(page, small).getByText(name, { exact: true }).waitFor();
  await inspect(page, 'places-05-board-desktop');
  // By keyboard: the list at the child.
  const choice = group(page, small).getByLabel(words('board.moveFor', { child: name }));
  await choice.focus();
  await page.keyboard.type(large.slice(0, 3));
  await page.getByText(words('board.moved', { child: name, group: large })).waitFor();
  await group(page, large).getByText(name, { exact: true }).waitFor();
  const ages = await group(page, large).getByText(words('board.warning.age_range')).count();
  const outside = await group(page, large).getByText(words('board.outside')).count();
  assert.equal(ages > 0, outside > 0, 'the warning and the child that it is about');
  await page.getByRole('button', { name: t('common', 'action.undo') }).click();
  await group(page, small).getByText(name, { exact: true }).waitFor();
});

test('on a phone a child changes its group by the list at its name', async () => {
  const small = await person(browser, { viewport: phone });
  const { page } = small;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/gruppen/${facility}?tag=${day}`);
  const igel = group(page, 'Igelgruppe');
  const head = igel.getByRole('button', { name: 'Igelgruppe', exact: true });
  // Of many children a phone shows one group after the other, and each is one touch away.
  await head.waitFor();
  assert.equal(await head.getAttribute('aria-expanded'), 'false');
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  assert.ok(tall < 3_000, `the board is ${tall} px tall`);
  await page.getByRole('navigation', { name: words('board.jump') }).getByRole('link', { name: /^Igelgruppe/ }).click();
  assert.equal(await head.getAttribute('aria-expanded'), 'true');
  // A phone scrolls a moment later.
  await page.waitForFunction((heading) => heading === document.activeElement && Math.abs(heading.getBoundingClientRect().top - 100) < 60, await igel.getByRole('heading').elementHandle());
  const name = await igel.getByRole('listitem').first().locator('strong').innerText();
  await igel.getByLabel(words('board.moveFor', { child: name })).selectOption({ label: 'Regenbogengruppe' });
  await page.getByText(words('board.moved', { child: name, group: 'Regenbogengruppe' })).waitFor();
  await group(page, 'Regenbogengruppe').getByRole('button', { name: 'Regenbogengruppe', exact: true }).click();
  await group(page, 'Regenbogengruppe').getByText(name, { exact: true }).waitFor();
  await inspect(page, 'places-06-board-phone');
  // What is open stays so on this device.
  await page.reload();
  await group(page, 'Regenbogengruppe').getByText(name, { exact: true }).waitFor();
  await page.goto(`${base}/${tenant}/arbeit/vorschau`);
  await page.locator('.kp-cap').first().waitFor();
  await inspect(page, 'places-07-forecast-phone');
  await page.goto(`${base}/${tenant}/arbeit/kapazitaet/${facility}/grundlagen`);
  await page.getByLabel(words('basis.name')).first().waitFor();
  await inspect(page, 'places-08-basis-phone');
  await small.end();
});

test('nothing went wrong in the background', async () => {
  await manager.end();
});

test('a childminder sees who is there at the same time, and that this is what counts', async () => {
  const minder = await person(browser, { viewport: phone });
  await enter(minder.page.request, tenant, 'tagespflege');
  const own = (await api(minder.page, '/staff/facilities')).items[0].id;
  const { presence } = await api(minder.page, `/staff/facilities/${own}/capacity`);
  assert.ok(presence.at_once <= 5, `${presence.at_once} children at the same time`);
  await minder.page.goto(`${base}/${tenant}/arbeit/kapazitaet/${own}`);
  const section = minder.page.locator('section', { has: minder.page.getByRole('heading', { name: words('presence.title'), exact: true }) });
  await section.getByText(words(`presence.atOnce_${presence.at_once === 1 ? 'one' : 'other'}`, { count: presence.at_once })).waitFor();
  assert.equal(await section.locator('tbody tr').count(), presence.week.reduce((sum, days) => sum + days.times.length, 0));
  await inspect(minder.page, 'places-09-presence-phone');
  // The office enters a licence that bounds the contracts in all, too.
  const admin = await person(browser, { viewport: desktop });
  const { page } = admin;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/einrichtungen/${own}`);
  await date(page, 'licence_from', '2020-08-01');
  await date(page, 'licence_to', '2099-07-31');
  await page.getByLabel(t('admin', 'facilities.field.licence_places')).fill('5');
  await page.getByLabel(t('admin', 'facilities.field.licence_contracts')).fill('4');
  await page.getByRole('button', { name: t('admin', 'facilities.save'), exact: true }).click();
  await page.getByText(t('admin', 'facilities.error.contracts')).first().waitFor();
  await page.getByLabel(t('admin', 'facilities.field.licence_contracts')).fill('8');
  await inspect(page, 'places-10-licence-desktop');
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
  await page.getByRole('button', { name: t('admin', 'facilities.save'), exact: true }).click();
  assert.ok((await saved).ok());
  await admin.end();
  const now = (await api(minder.page, `/staff/facilities/${own}/capacity`)).presence;
  assert.equal(now.contracts_total, 8);
  await minder.page.reload();
  const left = Math.max(0, now.contracts_left);
  await section.getByText(words(`presence.contracts_${left === 1 ? 'one' : 'other'}`, { total: 8, count: left })).waitFor();
  await inspect(minder.page, 'places-11-presence-contracts-phone');
  await minder.end();
});

test('a childminder is away, and each of the children has somebody or the office reads of it', async () => {
  const minder = await person(browser, { viewport: phone });
  const { page } = minder;
  await enter(page.request, tenant, 'tagespflege');
  const own = (await api(page, '/staff/facilities')).items[0].id;
  await page.goto(`${base}/${tenant}/arbeit/kapazitaet/${own}`);
  await page.getByRole('link', { name: words('absence.link'), exact: true }).click();
  const monday = new Date();
  monday.setUTCDate(monday.getUTCDate() + 14 + ((8 - monday.getUTCDay()) % 7));
  const friday = new Date(monday.getTime() + 4 * 86_400_000);
  const day = (at) => at.toISOString().slice(0, 10);
  const german = (at) => day(at).split('-').reverse().join('.');
  await date(page, 'from_on', day(monday));
  await page.getByRole('button', { name: words('absence.save'), exact: true }).click();
  await page.locator('#to_on').first().waitFor();
  await inspect(page, 'places-12-absence-phone');
  await date(page, 'to_on', day(friday));
  await page.getByRole('button', { name: words('absence.save'), exact: true }).click();
  await page.getByText(words('absence.recorded')).waitFor();
  const { absences } = await api(page, `/staff/facilities/${own}/absences`);
  assert.equal(absences.length, 1);
  const missing = absences[0].children.filter((child) => child.substitute === null).length;
  assert.equal(absences[0].uncovered, missing);
  await inspect(page, 'places-13-substitutes-phone');
  // It was a mistake: everything is as it was.
  const span = words('absence.span', { from: german(monday), to: german(friday) });
  await page.getByRole('button', { name: words('absence.cancelFor', { span }), exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words('absence.cancel'), exact: true }).click();
  await page.getByText(words('absence.cancelled')).waitFor();
  assert.deepEqual((await api(page, `/staff/facilities/${own}/absences`)).absences, []);
  await minder.end();
});
