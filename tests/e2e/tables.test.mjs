// The lists of the staff area: sorted at the head and in the address, counted, searched, with the case beside them, and taken out as they are shown.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { base, button, desktop, enter, inspect, launch, mail, own, person, phone, settled, story, t } from './frame.mjs';

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
  assert.ok(await page.locator('.kp-split table.kp-dense').isVisible());
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

test('a list that is short is sorted and narrowed in the browser, by any column', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/amt/statistik`);
  await settled(page);
  await page.getByRole('columnheader', { name: t('statistics', 'col.children') }).getByRole('button').click();
  await page.waitForURL(/sort=statistik\.children/);
  await settled(page);
  const children = (await column(page, t('statistics', 'col.children')).allInnerTexts()).map(Number);
  assert.ok(children.length > 3 && children.every((count, at) => at === 0 || children[at - 1] <= count), children.join(', '));
  await page.goto(`${base}/${tenant}/amt/statistik?part=childminding`);
  await settled(page);
  assert.equal(await page.locator('.kp-dense-count').innerText(), await page.locator('tbody [data-row]').count().then((count) => words(`rows.statistics_${count === 1 ? 'one' : 'other'}`, { number: count })));
  await inspect(page, 'tables-04-statistics-desktop');
});

test('facilities are sorted and searched by the server', async () => {
  const { page } = office;
  await page.goto(`${base}/${tenant}/verwaltung/einrichtungen`);
  await settled(page);
  const [before] = (await page.locator('.kp-dense-count').innerText()).split(' ');
  await page.getByRole('columnheader', { name: t('admin', 'facilities.provider') }).getByRole('button').click();
  await settled(page);
  assert.match(page.url(), /sort=provider&direction=asc/);
  const providers = await column(page, t('admin', 'facilities.provider')).allInnerTexts();
  const known = providers.filter((name) => name !== t('admin', 'unknown'));
  assert.ok(known.length > 3 && inOrder(known), providers.join(', '));
  assert.deepEqual(providers.slice(0, known.length), known, 'what is not known comes last');
  await inspect(page, 'tables-07-facilities-desktop');
  await button(page, words('filter.open')).click();
  await page.locator('.kp-filters__panel').getByLabel(t('admin', 'facilities.kind'), { exact: true }).selectOption({ label: t('common', 'facilityKind.childminder') });
  await settled(page);
  assert.match(page.url(), /kind=childminder/);
  const [after] = (await page.locator('.kp-dense-count').innerText()).split(' ');
  assert.ok(Number(after) > 0 && Number(after) < Number(before), `${after} of ${before}`);
  assert.deepEqual([...new Set(await column(page, t('admin', 'facilities.kind')).allInnerTexts())], [t('common', 'facilityKind.childminder')]);
});

/** What somebody sees who narrows a list to nothing, and how it comes back. */
async function narrowedToNothing(page, path, query) {
  await page.goto(`${base}/${tenant}${path}?${query}`);
  await settled(page);
  await page.getByText(words('filter.nothing'), { exact: true }).waitFor();
  await button(page, words('filter.showAll')).click();
  await settled(page);
  assert.ok(!page.url().includes(query), page.url());
  assert.equal(await page.getByText(words('filter.nothing'), { exact: true }).count(), 0);
}

test('providers and invitations are narrowed by chips in the address, each list of a page for itself', async () => {
  const { page } = office;
  await page.goto(`${base}/${tenant}/verwaltung/traeger`);
  await settled(page);
  const name = t('admin', 'providers.name');
  const first = (await column(page, name).allInnerTexts())[0];
  await page.getByLabel(t('admin', 'providers.search')).fill(first);
  await page.waitForURL(/q=/);
  await settled(page);
  assert.ok((await column(page, name).allInnerTexts()).includes(first));
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel(t('admin', 'providers.search')).inputValue(), first);
  await narrowedToNothing(page, '/verwaltung/traeger', 'q=gibtesnicht');
  await inspect(page, 'tables-08-providers-desktop');

  for (const [email, role] of [['gesa@refused.example', 'clerk'], ['hanno@post.example', 'read_only'], ['imke@post.example', 'clerk']]) {
    const invitation = { email, role, provider_id: null, facility_id: null, language: 'de' };
    const answer = await page.request.post(`${base}/api/v1/${tenant}/admin/invitations`, { data: invitation, headers: { ...own, 'idempotency-key': crypto.randomUUID() } });
    assert.equal(answer.status(), 201, await answer.text());
  }
  await page.goto(`${base}/${tenant}/verwaltung/personal?invited_as=clerk&invited_state=open`);
  await settled(page);
  const invitations = page.locator('table', { has: page.locator('caption', { hasText: t('admin', 'people.invitations') }) });
  await invitations.getByRole('columnheader', { name: t('admin', 'people.email') }).getByRole('button').click();
  await settled(page);
  assert.match(page.url(), /sort=einladungen\.email/);
  const invited = await invitations.locator('tbody th').allInnerTexts();
  assert.deepEqual(invited.filter((email) => email.startsWith('hanno')), []);
  assert.ok(invited.indexOf('gesa@refused.example') < invited.indexOf('imke@post.example') && invited.includes('gesa@refused.example'), invited.join(', '));
  const staff = page.getByRole('columnheader', { name: t('admin', 'people.name') });
  assert.equal(await staff.getAttribute('aria-sort'), 'none', 'the order of the one list is not that of the other');
  await inspect(page, 'tables-09-invitations-desktop');
  await narrowedToNothing(page, '/verwaltung/personal', 'invited_state=expired&invited_as=childminder');
});

test('mail that did not arrive is found by kind and by name; no filter is told apart from nothing to show', async () => {
  const { page } = office;
  await mail('imke@post.example', /./);
  await page.goto(`${base}/${tenant}/amt/unzustellbar`);
  await settled(page);
  // The mail is tried more than once before it is given up.
  for (let tries = 0; tries < 60 && (await page.getByText('g…@refused.example').count()) === 0; tries += 1) {
    await page.waitForTimeout(500);
    await page.reload();
    await settled(page);
  }
  await button(page, words('filter.open')).click();
  await page.locator('.kp-filters__panel').getByLabel(t('office', 'dead.kind'), { exact: true }).selectOption('invitation');
  await settled(page);
  assert.match(page.url(), /kind=invitation/);
  assert.match(await page.locator('.kp-dense-count').innerText(), /^\d+ Nachricht(en)?$/);
  assert.deepEqual(await page.locator('tbody th').allInnerTexts(), ['g…@refused.example']);
  await inspect(page, 'tables-10-dead-letters-desktop');
  await narrowedToNothing(page, '/amt/unzustellbar', 'q=gesa');
  await narrowedToNothing(page, '/amt/briefe', 'kind=swap_off');
  await narrowedToNothing(page, '/amt/abweichungen', 'to=2020-01-01');
  await page.getByText(t('alerts', 'deviations.empty'), { exact: true }).or(page.locator('tbody [data-row]').first()).waitFor();
  await page.goto(`${base}/${tenant}/amt/abweichungen?from=2020-01-01`);
  await settled(page);
  await inspect(page, 'tables-11-deviations-desktop');
});

test('the audit is turned round, not loaded whole', async () => {
  const { page } = office;
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('/admin/audit?')) asked.push(request.url()); });
  await page.goto(`${base}/${tenant}/verwaltung/protokoll`);
  await settled(page);
  const heads = page.locator('thead .kp-sort');
  assert.equal(await heads.count(), 1, 'only by time');
  await heads.click();
  await settled(page);
  assert.equal(asked.length, 2, asked.join('\n'));
  assert.match(asked[1], /direction=asc/);
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
  for (const [path, name] of [
    ['/verwaltung/personal?invited_state=open&sort=einladungen.email', 'invitations'],
    ['/verwaltung/traeger?kind=church&sort=facilities&direction=desc', 'providers'],
    ['/verwaltung/einrichtungen?unconfirmed=true&sort=confirmed', 'facilities'],
    ['/amt/unzustellbar?kind=invitation', 'dead-letters'],
    ['/amt/abweichungen?reason=court_order', 'deviations'],
    ['/amt/briefe?q=a', 'letters'],
  ]) {
    await page.goto(`${base}/${tenant}${path}`);
    await settled(page);
    await page.locator('.kp-filters__line .kp-tool[aria-expanded]').last().click();
    await inspect(page, `tables-12-${name}-phone`);
  }
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
