// The lists of the staff area: sorted at the head and in the address, counted, searched, with the case beside them, and taken out as they are shown.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { base, desktop, enter, inspect, launch, person, phone, settled, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('staff', key, gaps);
let browser;
let office;
before(async () => {
  browser = await launch();
  office = await person(browser, { viewport: desktop, acceptDownloads: true });
});
after(() => browser?.close());

const test = story(step);
const column = (page, label) => page.locator(`tbody [data-label="${label}"]`);
const german = new Intl.Collator('de', { numeric: true });
const inOrder = (texts) => texts.every((text, at) => at === 0 || german.compare(texts[at - 1], text) <= 0);

test('a list is sorted at its head with the keyboard, and the address keeps it', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/vertraege`);
  await settled(page);
  const head = page.getByRole('columnheader', { name: t('work', 'col.child') });
  await head.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  assert.match(page.url(), /sort=child&direction=asc/);
  const names = await column(page, t('work', 'col.child')).allInnerTexts();
  assert.ok(names.length > 3 && inOrder(names), names.join(', '));
  await page.reload();
  await settled(page);
  assert.equal(await page.getByRole('columnheader', { name: t('work', 'col.child') }).getAttribute('aria-sort'), 'ascending');
  assert.match(await page.locator('.kp-dense-count').innerText(), /^[\d.]+ Verträge?$/);
  await inspect(page, 'tables-01-contracts-desktop');
});

test('an offer opens beside the list, which stays', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/angebote?sort=deadline&direction=asc`);
  await settled(page);
  await page.locator('tbody [data-open]').first().click();
  await page.locator('aside.kp-case h2').waitFor();
  await settled(page);
  assert.ok(await page.locator('.kp-split table').isVisible());
  await inspect(page, 'tables-02-offers-desktop');
});

test('a file has all rows of the list, not only those that are loaded, in its order and with its columns', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/bedarfe?sort=start&direction=asc`);
  await settled(page);
  const count = Number((await page.locator('.kp-dense-count').innerText()).replace(/\D/g, ''));
  await page.getByText(words('file.open'), { exact: true }).click();
  await inspect(page, 'tables-03-download-desktop');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: words('file.csv') }).click()]);
  const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
  assert.equal(lines.length, count + 1);
  const heads = lines[0].replace('\uFEFF', '').split(';').map((cell) => cell.slice(1, -1));
  assert.ok(heads.includes(t('office', 'col.child')) && !heads.includes(t('office', 'col.points')), lines[0]);
  const starts = lines.slice(1).map((line) => line.split(';')[heads.indexOf(t('office', 'col.start'))]);
  assert.ok(inOrder(starts.filter((start) => start !== '')), starts.join(' '));
  await page.getByText(words('file.open'), { exact: true }).click();
  const [book] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: words('file.xlsx') }).click()]);
  assert.equal(book.suggestedFilename(), 'bedarfe.xlsx');
  assert.equal(readFileSync(await book.path()).subarray(0, 2).toString(), 'PK');
  await page.getByText(words('file.open'), { exact: true }).click();
  const [paper] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: words('file.pdf') }).click()]);
  assert.equal(paper.suggestedFilename(), 'bedarfe.pdf');
  assert.equal(readFileSync(await paper.path()).subarray(0, 4).toString(), '%PDF');
});

test('a list that the server does not sort is loaded whole and sorted by any column', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/einrichtungen`);
  await settled(page);
  await page.getByRole('columnheader', { name: t('admin', 'facilities.provider') }).getByRole('button').click();
  await settled(page);
  assert.match(page.url(), /sort=einrichtungen\.provider/);
  const providers = await column(page, t('admin', 'facilities.provider')).allInnerTexts();
  const known = providers.filter((name) => name !== t('admin', 'unknown'));
  assert.ok(known.length > 3 && inOrder(known), providers.join(', '));
  assert.deepEqual(providers.slice(0, known.length), known, 'what is not known comes last');
  await inspect(page, 'tables-04-facilities-desktop');
});

test('on a phone the order is chosen from a list, and the file is there too', async () => {
  const mobile = await person(browser, { viewport: phone });
  const { page } = mobile;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/personal`);
  await settled(page);
  await page.getByLabel(words('table.sort'), { exact: true }).first().selectOption('seen');
  await settled(page);
  assert.match(page.url(), /sort=seen/);
  await page.getByText(words('file.open'), { exact: true }).first().click();
  await inspect(page, 'tables-05-staff-phone');
  await page.goto(`${base}/${tenant}/suche?q=24937`);
  await settled(page);
  await page.getByRole('link', { name: t('public', 'map.jump') }).click();
  await page.locator('#karte .kp-map').waitFor();
  await page.waitForFunction((height) => document.getElementById('karte').getBoundingClientRect().top < height / 2, phone.height);
  await inspect(page, 'tables-06-map-phone');
  await mobile.end();
});

test('nothing went wrong meanwhile', async () => {
  await office.end();
});
