// A coordinated round through the pages: a facility chooses to order by hand, the office opens the steps, the facility orders with a reason,
// the other providers go by points, the round is released by two, and a family accepts its place.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, button, confirmed, date, day, desktop, inspect, launch, linkIn, mail, now, person, phone, signIn, story, t } from './frame.mjs';

const tenant = 'flensburg';
const name = `Abgestimmt ${Date.now() % 100000}`;
const words = (key, gaps) => t('rounds', key, gaps);
const steps = (key, gaps) => t('steps', key, gaps);
const facility = 'Kita Beispielgarten';

let browser;
let clerk;
let admin;
let manager;
let address;
before(async () => {
  browser = await launch();
  clerk = await person(browser, { viewport: desktop });
  admin = await person(browser, { viewport: desktop });
  manager = await person(browser, { viewport: phone });
});
after(() => browser?.close());

const test = story(step);

const api = (path) => `${base}/api/v1/${tenant}${path}`;

test('the office plans a round in which facilities propose, and one of them wants to order by hand', async () => {
  const { page } = clerk;
  await signIn(page, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/vergabe/neu`);
  await page.getByLabel(words('form.name')).fill(name);
  await page.getByLabel(words('mode.coordinated')).check();
  await date(page, 'key_date', day(-2));
  await date(page, 'start_on', day(90));
  await page.getByLabel(words('form.source')).fill('Ziehung 6 aus 49, Zahlen aufsteigend mit Bindestrich');
  await date(page, 'config.draw_on', day(-1));
  await button(page, words('form.plan')).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  address = page.url();
  await now(page, 'freeze');
  await signIn(manager.page, tenant, 'leitung');
  await manager.page.goto(`${base}/${tenant}/arbeit/vergabe`);
  await button(manager.page, steps('work.chooseFor', { facility })).click();
  await manager.page.getByLabel(steps('mode.by_hand.label')).check();
  await inspect(manager.page, 'steps-01-choice-phone');
  await button(manager.page, steps('choice.save')).click();
  await manager.page.getByText(steps('choice.done')).first().waitFor();
  await manager.page.getByText(steps('mode.by_hand.label'), { exact: true }).waitFor();
});

test('after freeze and draw the first step is opened, and the office sees who has not answered', async () => {
  const { page } = clerk;
  await page.reload();
  await confirmed(page, words('act.freeze'), 'freeze');
  await now(page, 'dryRun');
  await button(page, words('act.dryRun')).click();
  await now(page, 'seed');
  await page.locator('#seed').fill('3-14-15');
  await button(page, words('seed.enter')).click();
  await now(page, 'seedOther');
  await signIn(admin.page, tenant, 'verwaltung');
  await admin.page.goto(address);
  await admin.page.locator('#seed').fill('3-14-15');
  await button(admin.page, words('seed.enter')).click();
  await now(admin.page, 'openSteps');
  await button(admin.page, steps('office.open')).click();
  await now(admin.page, 'stepRunning');
  const row = admin.page.locator('#schritte, section').getByRole('row', { name: new RegExp(facility) }).first();
  await row.getByText(steps('stand.awaited')).waitFor();
  await inspect(admin.page, 'steps-02-office-desktop');
  // The manager hears of it by mail, and the link leads to the round.
  const told = await mail(`leitung@${tenant}.example`, new RegExp(`Vergabe „${name}“`));
  assert.ok(linkIn(told).endsWith('/arbeit/vergabe'), linkIn(told));
});

test('the manager sees the own children only, moves one up by the keyboard, and has to give a reason', async () => {
  const { page } = manager;
  await page.goto(`${base}/${tenant}/arbeit/vergabe`);
  await page.getByRole('link', { name: steps('work.openFor', { facility }), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: facility }).waitFor();
  await page.getByText(steps('board.provisional')).waitFor();
  assert.equal(await page.getByText('Kita Musterhof').count(), 0, 'no other facility is named');
  // The last of the longest list has fewer points than the first or lost the draw.
  const lists = page.locator('ol.kp-wishes');
  const lengths = await lists.evaluateAll((all) => all.map((one) => one.children.length));
  const list = lists.nth(lengths.indexOf(Math.max(...lengths)));
  assert.ok(Math.max(...lengths) > 1, `children: ${lengths}`);
  const moved = await list.locator(':scope > li').nth(1).locator('strong').innerText();
  await list.locator(':scope > li').nth(1).locator('[data-move=up]').focus();
  await page.keyboard.press('Enter');
  await page.getByText(steps('board.moved', { name: moved, place: 1 })).waitFor({ state: 'attached' });
  await button(page, steps('board.confirm')).click();
  await page.getByRole('alert').getByText(steps('board.needReason')).waitFor();
  await list.locator(':scope > li').first().getByLabel(steps('board.reasonFor', { name: moved })).selectOption('group_mix');
  await inspect(page, 'steps-03-board-phone');
  await button(page, steps('board.confirm')).click();
  await page.getByText(steps('board.sent')).first().waitFor();
  await page.getByText(steps('stand.answered')).waitFor();
});

test('the other providers go by points, each with one click', async () => {
  // Facilities of the real list have no people in the demo; the provider's manager gets them.
  const { page } = admin;
  const round = address.split('/').pop();
  const staff = (await (await page.request.get(api('/admin/staff?limit=200'))).json()).items;
  const provider = staff.find((one) => one.email === `traeger@${tenant}.example`).account_id;
  const standing = await (await page.request.get(api(`/rounds/${round}/steps`))).json();
  const modes = standing.facilities.map((one) => one.mode);
  assert.equal(modes.filter((mode) => mode === 'by_hand').length, 1);
  assert.ok(modes.length >= 2, `others take part beside it: ${JSON.stringify(standing.facilities.map((one) => [one.facility_name, one.mode, one.stand]))}`);
  for (const one of standing.facilities.filter((row) => row.stand !== 'answered' && !row.facility_name.includes('Muster'))) {
    const made = await page.request.post(api('/admin/memberships'), {
      data: { account_id: provider, role: 'facility_manager', facility_id: one.facility_id },
      headers: { 'idempotency-key': crypto.randomUUID(), 'sec-fetch-site': 'same-origin', origin: base },
    });
    assert.equal(made.status(), 201, await made.text());
  }
  for (const login of ['tagespflege', 'traeger']) {
    const visit = await person(browser, { viewport: desktop });
    await signIn(visit.page, tenant, login);
    await visit.page.goto(`${base}/${tenant}/arbeit/vergabe`);
    await visit.page.getByRole('heading', { name }).waitFor();
    const all = visit.page.getByRole('button', { name: /wie vorgeschlagen bestätigen$/ });
    if (await all.count() > 0) {
      await inspect(visit.page, `steps-04-${login}-desktop`);
      await all.click();
      await all.waitFor({ state: 'detached' });
    }
    await visit.end();
  }
});

test('where a family turned an offer down the next step asks again, until the facilities are done', async () => {
  const round = address.split('/').pop();
  const standing = async () => (await admin.page.request.get(api(`/rounds/${round}/steps`))).json();
  for (let open = (await standing()).open; open !== null; open = (await standing()).open) {
    assert.ok(open < 20, 'the steps end');
    await manager.page.goto(`${base}/${tenant}/arbeit/vergabe`);
    await manager.page.getByRole('link', { name: steps('work.openFor', { facility }), exact: true }).click();
    await button(manager.page, steps('board.confirmStanding')).click();
    await manager.page.getByText(steps('board.sent')).first().waitFor();
  }
  await manager.page.goto(`${base}/${tenant}/arbeit/vergabe`);
  await manager.page.getByRole('link', { name: steps('work.openFor', { facility }), exact: true }).click();
  await manager.page.getByText(steps('state.final')).first().waitFor();
  await inspect(manager.page, 'steps-05-final-phone');
  await admin.page.goto(address);
  await now(admin.page, 'finalRun');
  await button(admin.page, words('act.finalRun')).click();
  await now(admin.page, 'conflicts');
  await admin.page.getByText(/^Gegenüber dem Stand nach Schritt \d+: /).waitFor();
  await inspect(admin.page, 'steps-06-report-desktop');
});

test('two persons release it, and a family accepts the place', async () => {
  for (const [visit, act, ask] of [[admin, 'act.signFirst', 'releaseFirst'], [clerk, 'act.signSecond', 'releaseSecond']]) {
    const { page } = visit;
    await page.goto(address);
    await now(page, 'conflicts');
    await button(page, words('act.conflicts')).click();
    await page.getByText(words('cases.opened'), { exact: true }).waitFor();
    await page.goto(address);
    await now(page, 'sign');
    await confirmed(page, words(act), ask);
  }
  await clerk.page.getByText(/^(Plätze rücken nach|Einige Plätze konnten nicht angeboten werden)$/).waitFor();
  const round = address.split('/').pop();
  const outcomes = (await (await clerk.page.request.get(api(`/rounds/${round}`))).json()).outcomes;
  assert.ok(outcomes.offered > 0, JSON.stringify(outcomes));
  await manager.page.goto(`${base}/${tenant}/arbeit/vergabe`);
  await manager.page.getByText(name).waitFor();
});

test('a family accepts its place', async () => {
  const round = address.split('/').pop();
  const cases = (await (await clerk.page.request.get(api(`/rounds/${round}/cases?outcome=offered&limit=200`))).json()).items;
  const offered = new Set(cases.map((one) => one.offer_id));
  for (const login of ['eltern04', 'eltern05', 'eltern06', 'eltern07', 'eltern15', 'eltern16', 'eltern17', 'eltern18', 'eltern20', 'familie2']) {
    const visit = await person(browser, { viewport: phone });
    const { page } = visit;
    await signIn(page, tenant, login);
    const own = (await (await page.request.get(api('/offers'))).json()).items.find((one) => offered.has(one.id));
    if (own) {
      await page.goto(`${base}/${tenant}/angebot/${own.id}`);
      await button(page, t('demand', 'offer.accept')).click();
      await page.getByRole('dialog').getByRole('button', { name: t('demand', 'offer.accept') }).click();
      await page.waitForURL(/vertr/);
      const after = await (await page.request.get(api(`/offers/${own.id}`))).json();
      assert.equal(after.state, 'accepted');
      return visit.end();
    }
    await visit.end();
  }
  assert.fail('no family of the demo has an offer of this round');
});

test('nothing went wrong in the background', async () => {
  await clerk.end();
  await admin.end();
  await manager.end();
});
