// A manager's day: everything that waits in one list, lists of her children, a comparison, an appointment and a note.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { base, desktop, enter, inspect, launch, person, phone, settled, signIn, t } from './frame.mjs';

const tenant = 'flensburg';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** The same address on a phone, looked at. */
async function onPhone(login, address, name) {
  const small = await person(browser, { viewport: phone });
  await enter(small.page.request, tenant, login);
  await small.page.goto(address);
  await inspect(small.page, name);
  await small.end();
}

/** From the list of who may pick up to a child's care sheet, which asks for consent, and back to the list of allergies. */
async function careSheet(page) {
  const words = (key, gaps) => t('careSheet', key, gaps);
  const list = page.url();
  await page.goto(list.replace('contacts', 'pickups'));
  await page.getByRole('rowheader').first().getByRole('link').click();
  await page.getByRole('button', { name: words('pickup.add'), exact: true }).click();
  await page.getByLabel(words('pickup.name')).fill('Erika Braun');
  await page.getByLabel(words('pickup.relation'), { exact: false }).fill('Großmutter');
  await page.getByRole('button', { name: words('allergy.add'), exact: true }).click();
  await page.getByLabel(words('allergy.substance')).fill('Haselnüsse');
  await page.getByRole('button', { name: words('save'), exact: true }).click();
  await page.getByRole('alert').getByText(words('need.consent')).waitFor();
  await inspect(page, 'workday-09-sheet-desktop');
  await page.getByLabel(words('consent')).check();
  await page.getByRole('button', { name: words('save'), exact: true }).click();
  await page.getByText(words('saved')).waitFor();
  await page.goto(list.replace('contacts', 'allergies'));
  await page.getByRole('cell', { name: 'Haselnüsse' }).waitFor();
  await page.goto(list);
}

/** What appears with the first tick takes neither the list away nor the focus. */
async function tickedByKeys(page) {
  await page.goto(`${base}/${tenant}/arbeit/vormerkungen`);
  await settled(page);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText(t('work', 'bulk.selected_one', { count: '1' }), { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-open')), true, 'the focus stays with the row');
  await page.keyboard.press('x');
}

/** A named filter that is saved here is there on another machine. */
async function namedFilter(page) {
  const words = (key) => t('staff', key);
  await page.goto(`${base}/${tenant}/arbeit?kind=answer`);
  await page.getByText(words('views.title'), { exact: true }).click();
  await page.getByLabel(words('views.name')).fill('Antworten');
  await page.getByRole('button', { name: words('views.save'), exact: true }).click();
  await page.getByRole('button', { name: 'Antworten', exact: true }).waitFor();
  const elsewhere = await person(browser, { viewport: desktop });
  await signIn(elsewhere.page, tenant, 'leitung');
  await elsewhere.page.getByText(words('views.title'), { exact: true }).click();
  await elsewhere.page.getByRole('button', { name: 'Antworten', exact: true }).click();
  await elsewhere.page.waitForURL(/kind=answer/);
  await elsewhere.end();
}

/** Two families are refused with one press, and both refusals are taken back with another. */
async function refusedAndBack(page) {
  const words = (key) => t('work', key, { count: '2' });
  const ticks = page.locator('table.kp-dense tbody').getByRole('checkbox');
  const rows = await ticks.count();
  for (const n of [0, 1]) await ticks.nth(n).click();
  await page.getByRole('button', { name: words('bulk.refuse'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('common', 'refuseReason.no_place'), { exact: true }).check();
  await dialog.getByRole('button', { name: words('refuse.send_other'), exact: true }).click();
  await page.getByText(words('bulk.done.refuse_other')).waitFor();
  await settled(page);
  assert.equal(await ticks.count(), rows - 2);
  await inspect(page, 'workday-11-undo-desktop');
  await page.getByRole('button', { name: t('common', 'action.undo') }).click();
  await page.getByText(t('staff', 'undo.done')).waitFor();
  await settled(page);
  assert.equal(await ticks.count(), rows);
}

test('a manager finds everything that waits in one list, and lists of her children', async () => {
  const manager = await person(browser, { viewport: desktop });
  const { page } = manager;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit`);
  await page.getByText(t('inbox', 'task.answer')).first().waitFor();
  // The first list of the day is walked by keys: down to the first row, which opens beside it, and away again.
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-open')), true);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await inspect(page, 'workday-01-today-desktop');
  await namedFilter(page);
  await tickedByKeys(page);
  // A year from now those who accepted an offer are there.
  const day = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`${base}/${tenant}/arbeit/listen?kind=contacts&on=${day}`);
  await page.getByRole('region').getByRole('rowheader').first().waitFor();
  await inspect(page, 'workday-02-list-desktop');
  for (const [name, start] of [['xlsx', 'PK'], ['pdf', '%PDF'], ['csv', '\uFEFF']]) {
    const link = page.getByRole('link', { name: t('lists', name), exact: true });
    const file = await page.request.get(new URL(await link.getAttribute('href'), base).href);
    assert.ok((await file.body()).toString('utf8').startsWith(start), name);
  }
  await careSheet(page);
  const addresses = [['today', `${base}/${tenant}/arbeit`], ['list', page.url()]];
  for (const [n, [name, address]] of addresses.entries()) await onPhone('leitung', address, `workday-0${3 + n}-${name}-phone`);
  await manager.end();
});

test('a manager compares children, plans an appointment and writes a note', async () => {
  const manager = await person(browser, { viewport: desktop });
  const { page } = manager;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/vormerkungen?state=waitlisted,received`);
  await settled(page);
  await refusedAndBack(page);
  const ticks = page.locator('table.kp-dense tbody').getByRole('checkbox');
  for (const n of [0, 1, 2]) await ticks.nth(n).click();
  await page.getByRole('link', { name: t('compare', 'compare', { count: '3' }) }).click();
  await page.getByRole('columnheader').nth(3).waitFor();
  await inspect(page, 'workday-05-compare-desktop');
  await onPhone('leitung', page.url(), 'workday-06-compare-phone');
  await page.getByRole('columnheader').nth(1).getByRole('link').click();
  await page.getByRole('button', { name: t('visits', 'plan'), exact: true }).click();
  await page.getByRole('button', { name: t('visits', 'save'), exact: true }).click();
  await page.getByRole('button', { name: t('visits', 'change'), exact: true }).waitFor();
  await page.getByLabel(t('visits', 'note')).fill('Ruft am Montag zurück.');
  await page.getByRole('button', { name: t('visits', 'addNote'), exact: true }).click();
  await page.getByText('Ruft am Montag zurück.').waitFor();
  await inspect(page, 'workday-07-visit-desktop');
  await onPhone('leitung', page.url(), 'workday-08-visit-phone');
  await manager.end();
});
