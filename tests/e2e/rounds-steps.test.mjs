// A coordinated round of at least three providers through the pages: a facility of one chooses to order by hand, the office opens the steps,
// the facility orders with a reason, the other providers go by points, the round is released by two, and a family accepts its place.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, button, confirmed, date, day, decideCases, desktop, drawComes, enter, inspect, launch, linkIn, look, mail, now, own, person, phone, story, t } from './frame.mjs';

const tenant = 'flensburg';
const name = `Abgestimmt ${Date.now() % 100000}`;
const words = (key, gaps) => t('rounds', key, gaps);
const steps = (key, gaps) => t('steps', key, gaps);
const facility = 'Kita Beispielgarten';
const families = ['eltern04', 'eltern05', 'eltern06', 'eltern07', 'eltern15', 'eltern16', 'eltern17', 'eltern18', 'eltern20', 'familie2'];
const improve = (key, gaps) => t('improve', key, gaps);

let browser;
let clerk;
let admin;
let manager;
let address;
let byHandId;
before(async () => {
  browser = await launch();
  clerk = await person(browser, { viewport: desktop });
  admin = await person(browser, { viewport: desktop });
  manager = await person(browser, { viewport: phone });
});
after(() => browser?.close());

const test = story(step);

const api = (path) => `${base}/api/v1/${tenant}${path}`;
const round = () => address.split('/').pop();
const read = async (visit, path) => (await visit.page.request.get(api(path))).json();
/** A change as the page would send it. */
const send = (requests, method, path, data, headers = {}) => requests.fetch(api(path), { method, data, headers: { ...own, ...headers } });

/** A facility of a provider of its own, with somebody who works there and families that wish it before all others. */
async function anotherProvider(provider, name, login, families, free = 3) {
  const staff = (await read(admin, '/admin/staff?limit=200')).items;
  const post = async (path, data) => {
    const made = await send(admin.page.request, 'POST', path, data, { 'idempotency-key': crypto.randomUUID() });
    assert.equal(made.status(), 201, await made.text());
    return made.json();
  };
  const { id: provider_id } = await post('/admin/providers', { name: provider, kind: 'private_nonprofit', website: null });
  const place = { street: 'Am Musterteich', house_number: '40', postal_code: '24937', city: 'Flensburg', latitude: 54.78, longitude: 9.43 };
  const { id: facility_id } = await post('/admin/facilities', { name, kind: 'daycare', provider_id, care_types: ['nursery', 'kindergarten'], ...place });
  const account_id = staff.find((one) => one.email === `${login}@${tenant}.example`).account_id;
  await post('/admin/memberships', { account_id, role: 'facility_manager', facility_id });
  const figure = { from_month: `${day(0).slice(0, 8)}01`, licensed: 20, operable: 20, occupied_external: 20 - free };
  for (const [at, band] of ['under3', 'over3'].entries()) {
    const put = await send(admin.page.request, 'PUT', `/staff/facilities/${facility_id}/capacity/${band}`, figure, { 'if-match': `"${at}"` });
    assert.ok(put.ok(), await put.text());
  }
  for (const family of families) {
    const visit = await person(browser);
    await enter(visit.page.request, tenant, family);
    const [demand] = (await read(visit, '/demands')).items;
    const facility_ids = [facility_id, ...demand.preferences.map((one) => one.facility_id)];
    const put = await send(visit.page.request, 'PUT', `/demands/${demand.id}/preferences`, { facility_ids }, { 'if-match': `"${demand.version}"` });
    assert.ok(put.ok(), await put.text());
    await visit.end();
  }
}

test('two more providers come, and families wish their facilities', async () => {
  await enter(admin.page.request, tenant, 'verwaltung');
  await anotherProvider('Zweiter Träger', 'Kita Zweitwiese', 'tagespflege', ['eltern05', 'eltern07', 'eltern18'], 1);
  await anotherProvider('Dritter Träger', 'Kita Drittdeich', 'traeger', ['eltern15', 'eltern17', 'eltern07'], 1);
});

test('the office plans a round in which facilities propose, and one of them wants to order by hand', async () => {
  const { page } = clerk;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/vergabe/neu`);
  await page.getByLabel(words('form.name')).fill(name);
  await page.getByLabel(words('mode.coordinated')).check();
  await date(page, 'key_date', day(-2));
  await date(page, 'start_on', day(90));
  await page.getByLabel(words('form.source')).fill('Ziehung 6 aus 49, Zahlen aufsteigend mit Bindestrich');
  await date(page, 'config.draw_on', day(2));
  await button(page, words('form.plan')).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  address = page.url();
  await now(page, 'freeze');
  await enter(manager.page.request, tenant, 'leitung');
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
  await now(page, 'conflicts');
  drawComes(name);
  await page.reload();
  await now(page, 'seed');
  await page.locator('#seed').fill('3-14-15');
  await button(page, words('seed.enter')).click();
  await now(page, 'seedOther');
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

test('the manager sees the own children only, moves one up by the keyboard, drags it with finger and mouse, and has to give a reason', async () => {
  const { page } = manager;
  await page.goto(`${base}/${tenant}/arbeit/vergabe`);
  await page.getByRole('link', { name: steps('work.openFor', { facility }), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: facility }).waitFor();
  byHandId = page.url().split('/').pop();
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
  // The same by a finger and by the mouse: down again, and up once more.
  const row = (at) => list.locator(':scope > li').nth(at);
  const centre = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const grip = (at) => row(at).locator('.kp-wishes__grip');
  await row(1).scrollIntoViewIfNeeded();
  const touch = await page.context().newCDPSession(page);
  const [finger, below] = [await centre(grip(0)), await centre(row(1))];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [finger] });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: finger.x, y: (finger.y + below.y) / 2 }] });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: finger.x, y: below.y }] });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.getByText(steps('board.moved', { name: moved, place: 2 })).waitFor({ state: 'attached' });
  assert.equal(await row(1).locator('strong').innerText(), moved);
  const [mouse, above] = [await centre(grip(1)), await centre(row(0))];
  await page.mouse.move(mouse.x, mouse.y);
  await page.mouse.down();
  await page.mouse.move(above.x, above.y, { steps: 4 });
  await page.mouse.up();
  await page.getByText(steps('board.moved', { name: moved, place: 1 })).waitFor({ state: 'attached' });
  assert.equal(await row(0).locator('strong').innerText(), moved);
  await button(page, steps('board.confirm')).click();
  await page.getByRole('alert').getByText(steps('board.needReason')).waitFor();
  await list.locator(':scope > li').first().getByLabel(steps('board.reasonFor', { name: moved })).selectOption('group_mix');
  await inspect(page, 'steps-03-board-phone');
  await button(page, steps('board.confirm')).click();
  await page.getByText(steps('board.sent')).first().waitFor();
  await page.getByText(steps('stand.answered')).waitFor();
});

test('three providers take part, and all but the one by hand go by points, each confirmed on its own page', async () => {
  const { facilities } = await read(admin, `/rounds/${round()}/steps`);
  const byHand = facilities.filter((one) => one.mode === 'by_hand');
  assert.deepEqual(byHand.map((one) => one.facility_name), [facility]);
  const others = facilities.filter((one) => one.provider !== byHand[0].provider);
  assert.ok(new Set(others.map((one) => one.provider)).size >= 2, JSON.stringify(facilities.map((one) => [one.facility_name, one.provider])));
  // Where nobody has a login, somebody gets the house too.
  const staffed = ['Kindertagespflege Muster', 'Kita Musterhof', 'Kita Zweitwiese', 'Kita Drittdeich', facility];
  const { account_id } = (await read(admin, '/admin/staff?limit=200')).items.find((one) => one.email === `traeger@${tenant}.example`);
  for (const { facility_id } of facilities.filter((one) => !staffed.includes(one.facility_name))) {
    const membership = { account_id, role: 'facility_manager', facility_id };
    const made = await send(admin.page.request, 'POST', '/admin/memberships', membership, { 'idempotency-key': crypto.randomUUID() });
    assert.equal(made.status(), 201, await made.text());
  }
  for (const login of ['tagespflege', 'traeger']) {
    const visit = await person(browser, { viewport: desktop });
    await enter(visit.page.request, tenant, login);
    await visit.page.goto(`${base}/${tenant}/arbeit/vergabe`);
    await visit.page.getByRole('heading', { name }).waitFor();
    if (login === 'traeger') await inspect(visit.page, `steps-04-${login}-desktop`);
    const mine = (await read(visit, '/staff/rounds')).items.find((one) => one.id === round());
    for (const { facility_id } of mine.facilities.filter((one) => one.stand === 'awaited' || one.stand === 'may_object')) {
      await visit.page.goto(`${base}/${tenant}/arbeit/vergabe/${round()}/${facility_id}`);
      await button(visit.page, steps('board.confirmStanding')).click();
      await visit.page.getByText(steps('board.sent')).first().waitFor();
    }
    await visit.end();
  }
  const after = await read(admin, `/rounds/${round()}/steps`);
  assert.notEqual(after.open, 1, `everybody has answered, so the first step is over: ${JSON.stringify(after.facilities.map((one) => [one.facility_name, one.provider, one.stand]))}`);
});

test('where a family turned an offer down the next step asks again, until the facilities are done', async () => {
  const board = `/staff/rounds/${round()}/facilities/${byHandId}`;
  const standing = () => read(admin, `/rounds/${round()}/steps`);
  let asked = false;
  for (let open = (await standing()).open; open !== null; open = (await standing()).open) {
    assert.ok(open < 20, 'the steps end');
    if (asked) {
      // As the page did in the step before.
      const { version } = await read(manager, board);
      const answer = await send(manager.page.request, 'PUT', `${board}/answer`, { step: open, orders: [] }, { 'if-match': `"${version}"` });
      assert.ok(answer.ok(), await answer.text());
      continue;
    }
    await manager.page.reload();
    await button(manager.page, steps('board.confirmStanding')).click();
    await manager.page.getByText(steps('board.sent')).first().waitFor();
    asked = true;
  }
  await manager.page.reload();
  await manager.page.getByText(steps('state.final')).first().waitFor();
  await look(manager.page, 'steps-05-final-phone');
  await admin.page.goto(address);
  await now(admin.page, 'finalRun');
  await button(admin.page, words('act.finalRun')).click();
  await now(admin.page, 'conflicts');
  await admin.page.getByText(/^Gegenüber dem Stand nach Schritt \d+: /).waitFor();
  await look(admin.page, 'steps-06-report-desktop');
});

test('two persons release it, and a family accepts the place', async () => {
  for (const [visit, act, ask] of [[admin, 'act.signFirst', 'releaseFirst'], [clerk, 'act.signSecond', 'releaseSecond']]) {
    const { page } = visit;
    await page.goto(address);
    await now(page, 'conflicts');
    await button(page, words('act.conflicts')).click();
    await page.getByText(words('cases.opened'), { exact: true }).waitFor();
    await decideCases(page, address);
    await now(page, 'sign');
    await confirmed(page, words(act), ask);
  }
  await clerk.page.getByText(/^(Plätze rücken nach|Einige Plätze konnten nicht angeboten werden)$/).waitFor();
  const { outcomes } = await read(clerk, `/rounds/${round()}`);
  assert.ok(outcomes.offered > 0, JSON.stringify(outcomes));
  await manager.page.goto(`${base}/${tenant}/arbeit/vergabe`);
  await manager.page.getByText(name).waitFor();
});

test('a family accepts its place', async () => {
  const cases = (await read(clerk, `/rounds/${round()}/cases?outcome=offered&limit=200`)).items;
  const offered = new Set(cases.map((one) => one.offer_id));
  for (const login of families) {
    const visit = await person(browser, { viewport: phone });
    const { page } = visit;
    await enter(page.request, tenant, login);
    const offer = (await read(visit, '/offers')).items.find((one) => offered.has(one.id));
    if (offer) {
      await page.goto(`${base}/${tenant}/angebot/${offer.id}`);
      await button(page, t('offer', 'accept')).click();
      await page.getByRole('dialog').getByRole('button', { name: t('offer', 'accept') }).click();
      await page.waitForURL(/vertr/);
      assert.equal((await read(visit, `/offers/${offer.id}`)).state, 'accepted');
      return visit.end();
    }
    await visit.end();
  }
  assert.fail('no family of the demo has an offer of this round');
});

test('a child with a place is asked when a better wish comes free, and keeps what it has until it changes', async () => {
  const all = (await read(clerk, `/rounds/${round()}/cases?outcome=offered&limit=200`)).items;
  const senders = new Map();
  const visit = await person(browser, { viewport: phone });
  const { page } = visit;
  for (const login of families) {
    await enter(page.request, tenant, login);
    for (const { id } of (await read(visit, '/demands')).items) senders.set(id, login);
  }
  const known = all.filter((one) => senders.has(one.demand_id));
  // Somebody holds what another child of the same age would rather have, and can still say no.
  const better = async (one) => (await read(clerk, `/rounds/${round()}/cases/${one.id}`)).wishes
    .filter((wish) => wish.rank < one.wish && !wish.excluded).map((wish) => wish.facility_id);
  let holder;
  for (const one of known.filter((each) => each.wish > 1)) {
    const wished = await better(one);
    holder ??= known.find((each) => each.answer === 'open' && each.age_band === one.age_band && wished.includes(each.facility_id));
  }
  assert.ok(holder, JSON.stringify(known.map((one) => [senders.get(one.demand_id), one.age_band, one.wish, one.answer, one.facility_id])));
  await enter(page.request, tenant, senders.get(holder.demand_id));
  const offer = await read(visit, `/offers/${holder.offer_id}`);
  const declined = await send(page.request, 'POST', `/offers/${offer.id}/decline`, { reason: 'too_far' }, { 'if-match': `"${offer.version}"` });
  assert.ok(declined.ok(), await declined.text());
  let asked;
  for (let tries = 0; tries < 100 && !asked; tries += 1) {
    const { items } = await read(clerk, `/rounds/${round()}/cases?improved=true`);
    asked = items.find((one) => one.improvement.state === 'offered');
    if (!asked) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.ok(asked, 'somebody is asked');
  await enter(page.request, tenant, senders.get(asked.demand_id));
  const { facility_name: to, better_than: from } = await read(visit, `/offers/${asked.improvement.offer_id}`);
  await page.goto(`${base}/${tenant}/angebot/${asked.improvement.offer_id}`);
  await page.getByText(improve('offer.title', { facility: from })).waitFor();
  await inspect(page, 'steps-07-better-phone');
  await button(page, improve('offer.accept')).click();
  await button(page.getByRole('dialog'), improve('offer.accept')).click();
  await page.waitForURL(/vertr/);
  await page.goto(`${base}/${tenant}/bedarf/${asked.demand_id}`);
  await page.getByText(improve('why.accepted', { to })).waitFor();
  await look(page, 'steps-08-improved-phone');
  await visit.end();
  await clerk.page.goto(address);
  await clerk.page.getByRole('link', { name: new RegExp(`^1\\s*${improve('count.accepted')}$`) }).waitFor();
  await clerk.page.getByText(improve('way', { from, to })).waitFor();
  await look(clerk.page, 'steps-09-improved-desktop');
});

test('nothing went wrong in the background', async () => {
  await clerk.end();
  await admin.end();
  await manager.end();
});
