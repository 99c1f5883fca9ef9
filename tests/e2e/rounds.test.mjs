// A central round as two members of the office walk it through the pages: plan, freeze, dry run, draw, final run, conflicts, a deviation with
// four eyes, the release by two, and what a family then reads.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { base, button, confirmed, date, day, desktop, enter, inspect, launch, look, now, person, phone, story, t } from './frame.mjs';

const tenant = 'chemnitz';
const name = `Kita-Jahr ${Date.now() % 100000}`;
const draw = '3-14-15-26-35-41';
const words = (key, gaps) => t('rounds', key, gaps);

let browser;
let clerk;
let admin;
let address;
before(async () => {
  browser = await launch();
  clerk = await person(browser, { viewport: desktop });
  admin = await person(browser, { viewport: desktop });
});
after(() => browser?.close());

const test = story(step);


test('a clerk plans a round, and a forgotten field is named in the summary', async () => {
  const { page } = clerk;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/vergabe/neu`);
  await button(page, words('form.plan')).click();
  await page.getByRole('alert').getByText(`${words('form.name')}: ${words('fault.need')}`).waitFor();
  await page.getByLabel(words('form.name')).fill(name);
  await date(page, 'key_date', day(-2));
  await date(page, 'start_on', day(90));
  await page.getByLabel(words('form.source')).fill('Ziehung 6 aus 49, Zahlen aufsteigend mit Bindestrich');
  await date(page, 'config.draw_on', day(-1));
  await button(page, words('form.plan')).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  address = page.url();
  await now(page, 'freeze');
  await look(page, 'round-01-planned-desktop');
});

test('the round is frozen and run dry, and its report shows that all holds, in pictures with their tables', async () => {
  const { page } = clerk;
  await confirmed(page, words('act.freeze'), 'freeze');
  await now(page, 'dryRun');
  await button(page, words('act.dryRun')).click();
  await page.getByRole('heading', { name: words('report.invariants') }).waitFor();
  assert.equal(await page.getByText(words('report.holds')).count(), 4);
  await now(page, 'seed');
  for (const title of ['picture.flow', 'chance.title', 'heat.title', 'map.title', 'criterionGroup.title']) {
    await page.getByRole('heading', { level: 2, name: words(title), exact: true }).waitFor();
  }
  // Counted in the background, and there without a reload.
  await page.getByText(words('chance.text', { draws: '1.000' })).waitFor();
  await page.locator('.kp-map--round .leaflet-marker-icon').first().waitFor();
  await inspect(page, 'round-02-dry-desktop');
  const [saved] = await Promise.all([page.waitForEvent('download'), button(page, words('picture.csvOf', { what: words('map.title') })).click()]);
  const rows = readFileSync(await saved.path(), 'utf8').trimEnd().split('\r\n');
  assert.equal(rows[0], `\uFEFF${['map.facility', 'map.wishes', 'group.first_wishes', 'group.places', 'group.placed'].map((key) => words(key)).join(';')}`);
  assert.ok(rows.length > 10, `${rows.length} rows`);
  await page.setViewportSize(phone);
  await look(page, 'round-02-dry-phone');
  await page.setViewportSize(desktop);
});

test('sets of criteria are compared on the same demands', async () => {
  const { page } = clerk;
  await page.goto(`${address}/kriterien-vergleich`);
  await button(page, words('sim.run')).click();
  await page.getByText(words('sim.need'), { exact: true }).waitFor();
  await page.getByRole('checkbox').first().check();
  await button(page, words('sim.run')).click();
  await page.getByRole('heading', { level: 2, name: words('sim.moves'), exact: true }).waitFor();
  await look(page, 'round-02b-compare-desktop');
  await page.setViewportSize(phone);
  await inspect(page, 'round-02b-compare-phone');
  await page.setViewportSize(desktop);
  await page.goto(address);
});

test('two persons enter the draw without seeing each other’s entry', async () => {
  await clerk.page.locator('#seed').fill(draw);
  await button(clerk.page, words('seed.enter')).click();
  await now(clerk.page, 'seedOther');
  await enter(admin.page.request, tenant, 'verwaltung');
  await admin.page.goto(address);
  await admin.page.locator('#seed').fill(draw);
  await button(admin.page, words('seed.enter')).click();
  await now(admin.page, 'finalRun');
  await button(admin.page, words('act.finalRun')).click();
  await now(admin.page, 'conflicts');
});

test('a deviation needs a reason, a second person, and a new run', async () => {
  await clerk.page.goto(`${address}/faelle?placed=true`);
  const { page } = clerk;
  // The first of those with a wish that takes part; about the others nothing can be decided.
  const cases = page.locator('[data-open]');
  await cases.first().waitFor();
  for (let at = 0; at < (await cases.count()); at += 1) {
    await cases.nth(at).click();
    await page.getByRole('heading', { name: words('case.wishes'), exact: true }).waitFor();
    if ((await button(page, words('deviation.start')).count()) > 0) break;
    await page.getByText(words('deviation.nothing'), { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: words('case.wishes'), exact: true }).waitFor({ state: 'detached' });
  }
  await button(page, words('deviation.start')).click();
  await button(page, words('deviation.propose')).click();
  await page.getByRole('alert').getByText(words('deviation.needReason')).waitFor();
  await page.getByLabel(words('deviation.choose.exclude')).check();
  await page.locator('#preference_id').selectOption({ index: 1 });
  await page.locator('#reason').selectOption('group_mix');
  await page.getByLabel(words('deviation.note')).fill('Die Gruppe hat schon vier Kinder dieses Alters.');
  await button(page, words('deviation.propose')).click();
  await page.getByText(words('deviation.missing'), { exact: false }).first().waitFor();
  assert.equal(await button(page, words('deviation.approve')).count(), 0, 'nobody approves an own proposal');
  await inspect(page, 'round-03-case-desktop');
  await admin.page.goto(address);
  await button(admin.page, words('deviation.approve')).click();
  await now(admin.page, 'rerun');
  await admin.page.locator('.kp-guide__now').getByRole('button', { name: words('act.rerun'), exact: true }).click();
  await now(admin.page, 'conflicts');
});

test('nobody signs before the conflicts were opened, and the second signature releases', async () => {
  for (const [visit, act, ask, next] of [[admin, 'act.signFirst', 'releaseFirst', 'signOther'], [clerk, 'act.signSecond', 'releaseSecond', null]]) {
    const { page } = visit;
    await page.goto(address);
    await now(page, 'conflicts');
    assert.equal(await button(page, words(act)).count(), 0);
    await button(page, words('act.conflicts')).click();
    await page.getByText(words('cases.opened'), { exact: true }).waitFor();
    await page.goto(address);
    await now(page, 'sign');
    await confirmed(page, words(act), ask);
    if (next) await now(page, next);
  }
  await clerk.page.getByRole('heading', { level: 2, name: words('outcomes') }).waitFor();
  await clerk.page.getByText(/^(Plätze rücken nach|Einige Plätze konnten nicht angeboten werden)$/).waitFor();
  // Both stand there by name.
  const way = await clerk.page.getByRole('list', { name: words('steps.label') }).textContent();
  for (const who of ['Anton Amtmann', 'Vera Waltung']) assert.ok(way.includes(who), way);
  await look(clerk.page, 'round-04-released-desktop');
  await clerk.page.goto(`${base}/${tenant}/amt/vergabe`);
  await clerk.page.getByText(words('next.close.short')).or(clerk.page.getByText(words('next.notSent.short'))).first().waitFor();
  await inspect(clerk.page, 'round-04b-list-desktop');
});

test('everybody sees the round with its seals, and a family reads why', async () => {
  const visit = await person(browser, { viewport: phone });
  const { page } = visit;
  await page.goto(`${base}/${tenant}/vergaben`);
  await page.getByRole('heading', { level: 2, name: new RegExp(name) }).waitFor();
  await page.getByText(draw).waitFor();
  await inspect(page, 'round-05-public-phone');
  await enter(page.request, tenant, 'familie2');
  const demands = await (await page.request.get(`${base}/api/v1/${tenant}/demands`)).json();
  await page.goto(`${base}/${tenant}/bedarf/${demands.items[0].id}`);
  await page.getByRole('heading', { name: t('why', 'title') }).waitFor();
  await page.getByText(t('why', 'lottery.title')).click();
  await inspect(page, 'round-06-why-phone');
  const letter = await page.getByRole('link', { name: t('why', 'letter') }).getAttribute('href');
  const pdf = await page.request.get(new URL(letter, base).href);
  assert.equal(pdf.headers()['content-type'], 'application/pdf');
  if (process.env.E2E_LETTER) writeFileSync(process.env.E2E_LETTER, await pdf.body());
  await visit.end();
});

test('a facility manager sees what the round gave', async () => {
  const visit = await person(browser, { viewport: desktop });
  const { page } = visit;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/vergabe`);
  await page.getByText(name).waitFor();
  await inspect(page, 'round-07-outcome-desktop');
  await visit.end();
});

test('nothing went wrong in the background', async () => {
  await clerk.end();
  await admin.end();
});
