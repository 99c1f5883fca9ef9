// A central round as two members of the office walk it through the pages: plan, freeze, dry run, draw, final run, conflicts, a deviation with
// four eyes, the release by two, what a family then reads, one that accepts, one that declines, and who follows.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { base, button, confirmed, date, day, decideCases, desktop, drawComes, enter, inspect, launch, linkIn, look, mail, now, own, person, phone, story, t } from './frame.mjs';

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

const api = (path) => `${base}/api/v1/${tenant}${path}`;
const read = async (visit, path) => (await visit.page.request.get(api(path))).json();
const ofRound = (path) => read(clerk, `/rounds/${address.split('/').pop()}${path}`);
const cases = async (query) => (await ofRound(`/cases?limit=200&${query}`)).items;

test('two places are free for small children where all families wish to be, so that some have to wait', async () => {
  await enter(admin.page.request, tenant, 'verwaltung');
  const facility = (await read(admin, '/facilities?q=Kita%20Beispielgarten&limit=1')).items[0].id;
  const capacity = await read(admin, `/staff/facilities/${facility}/capacity`);
  let { version } = capacity;
  // For large ones there is room, also for a small one that follows and is three soon, so that the draw does not decide whether somebody can
  // follow for a whole stay.
  for (const { age_band, figures, months } of capacity.bands.filter((band) => band.age_band === 'under3')) {
    const { licensed, operable, occupied_external } = figures.at(-1);
    // Children come of age and leave: every month has its own figure, so that as many are free in each. From the last one on, for a figure
    // holds until the next; what lies behind all of them stays as it is.
    const behind = new Date(`${months.at(-1).month}T00:00:00Z`);
    behind.setUTCMonth(behind.getUTCMonth() + 1);
    const left = 2;
    const rest = { month: behind.toISOString().slice(0, 10), bookable: left };
    for (const { month, bookable } of [...months, rest].reverse()) {
      const figure = { from_month: month, licensed, operable, occupied_external: occupied_external + bookable - left };
      const put = await admin.page.request.put(api(`/staff/facilities/${facility}/capacity/${age_band}`), {
        data: figure, headers: { ...own, 'if-match': `"${version}"` },
      });
      assert.ok(put.ok(), await put.text());
      version += 1;
    }
  }
});

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
  await date(page, 'config.draw_on', day(2));
  // What comes back goes to who waits. Else the draw says whether a child with another place is asked first.
  await page.getByLabel(t('improve', 'option.fill_only'), { exact: true }).check();
  await button(page, words('form.plan')).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  address = page.url();
  await now(page, 'freeze');
  await look(page, 'round-01-planned-desktop');
  await page.goto(`${address}/aendern`);
  assert.equal(await page.getByLabel(words('form.name')).inputValue(), name);
  await inspect(page, 'round-01a-change-desktop');
  await page.goto(address);
});

test('the round is frozen and run dry, and its report shows that all holds, in pictures with their tables', async () => {
  const { page } = clerk;
  await confirmed(page, words('act.freeze'), 'freeze');
  await page.getByRole('heading', { name: words('report.invariants') }).waitFor();
  assert.equal(await page.getByText(words('report.holds')).count(), 4);
  await now(page, 'conflicts');
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
  await inspect(page, 'round-02b-compare-desktop');
  await page.goto(address);
});

test('two persons enter the draw without seeing each other’s entry', async () => {
  drawComes(name);
  await clerk.page.reload();
  await now(clerk.page, 'seed');
  await clerk.page.locator('#seed').fill(draw);
  await button(clerk.page, words('seed.enter')).click();
  await now(clerk.page, 'seedOther');
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
    await decideCases(page, address);
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
  await page.getByText(t('why', 'public.siblingRule.preferred')).first().waitFor();
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

/** The logins of the made-up families by their demands. */
async function senders(visit) {
  const found = new Map();
  for (const login of ['familie2', 'eltern04', 'eltern05', 'eltern06', 'eltern07', 'eltern08']) {
    await enter(visit.page.request, tenant, login);
    for (const { id } of (await read(visit, '/demands')).items) found.set(id, login);
  }
  return found;
}

/** Signs in as a family and goes where its mail leads. */
async function followMail(visit, login) {
  await enter(visit.page.request, tenant, login);
  const link = linkIn(await mail(`${login}@${tenant}.example`, /^Platzangebot von Kita Beispielgarten/));
  await visit.page.goto(link);
  await visit.page.getByText(t('offer', 'deadline')).first().waitFor();
}

/** Presses the button of an answer, and the same in the dialog that asks once more. */
async function answer({ page }, label) {
  await button(page, t('offer', label)).click();
  const dialog = page.getByRole('dialog');
  if (label === 'decline') await dialog.getByRole('radio').first().check();
  await button(dialog, t('offer', label)).click();
}

/** Until somebody has moved up. */
async function someoneFollows() {
  for (let tries = 0; tries < 100; tries += 1) {
    const moved = (await cases('moved=true')).filter((one) => one.moved_up && one.outcome === 'offered');
    if (moved.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`nobody moved up: ${JSON.stringify(await cases(''))}`);
}

test('one family accepts, another one declines, and the next in line gets the offer', async () => {
  const visit = await person(browser, { viewport: phone });
  const { page } = visit;
  const logins = await senders(visit);
  const sent = (await cases('answer=open')).filter((one) => one.wish === 1 && logins.has(one.demand_id));
  const waiting = (await cases('outcome=decided')).filter((one) => !one.flags.includes('deviation'));
  const wishes = async ({ id }) => (await ofRound(`/cases/${id}`)).wishes.filter((wish) => !wish.excluded);
  const [ofSent, ofWaiting] = await Promise.all([sent, waiting].map((all) => Promise.all(all.map(wishes))));
  const waits = (place) => waiting.some((other, at) => other.age_band === place.age_band && ofWaiting[at].some((wish) => wish.facility_id === place.facility_id && wish.reason === 'full'));
  // One with no other wish that counts: who has one is offered that place at once.
  const declines = sent.find((one, at) => ofSent[at].length === 1 && waits(one));
  const accepts = sent.find((one) => one !== declines);
  assert.ok(declines && accepts, JSON.stringify({ sent, waiting }));
  await followMail(visit, logins.get(accepts.demand_id));
  await answer(visit, 'accept');
  await page.waitForURL(/\/vertrag\//);
  await followMail(visit, logins.get(declines.demand_id));
  await answer(visit, 'decline');
  await page.getByText(t('offer', 'declined')).waitFor();
  await look(page, 'round-08-declined-phone');

  // The work in the background gives the place to the next; the office reads who that is and needs to do nothing.
  await someoneFollows();
  const office = clerk.page;
  await office.goto(address);
  const row = (one) => office.getByRole('row').filter({ hasText: one.child.label }).filter({ hasText: 'Kita Beispielgarten' });
  await row(declines).getByText(words('answer.declined')).waitFor();
  const [follows] = (await cases('moved=true')).filter((one) => one.moved_up);
  assert.ok(waiting.some((one) => one.id === follows.id), 'one of those who waited');
  assert.equal(follows.age_band, declines.age_band);
  await row(follows).getByText(words('moved.up')).waitFor();
  await row(follows).getByText(words('outcome.offered')).waitFor();
  const figure = (label) => office.getByRole('link', { name: new RegExp(`^1\\s*${words(label)}$`) });
  for (const label of ['answer.accepted', 'answer.declined', 'moved.up']) await figure(label).waitFor();
  await inspect(office, 'round-09-answers-desktop');
  await figure('answer.accepted').click();
  await office.locator('[data-open]').filter({ hasText: accepts.child.label }).waitFor();
  assert.equal(await office.locator('[data-open]').count(), 1);
  await look(office, 'round-09b-accepted-desktop');

  await followMail(visit, logins.get(follows.demand_id));
  await look(page, 'round-10-followed-phone');
  await button(page, t('offer', 'accept')).waitFor();
  await visit.end();
});

test('nothing went wrong in the background', async () => {
  await clerk.end();
  await admin.end();
});
