// The whole way, as two people walk it: a parent on a phone and a facility manager at a desk, with the mails in between.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, desktop, inspect, launch, linkIn, mail, own, person, phone, rawMail, signIn, t } from './frame.mjs';

const tenant = 'flensburg';
const email = `neu-${Date.now()}@familien.example`;
const secret = 'Vier-bunte-Papageien-im-Regen';
const kitas = ['Kita Beispielgarten', 'Kita Musterhof'];

let browser;
let parent;
let manager;
let third;
let contract;
before(async () => {
  browser = await launch();
  parent = await person(browser, { viewport: phone });
  manager = await person(browser, { viewport: desktop });
});
after(() => browser?.close());

// Each step stands on the one before it; after a failure the rest would only wait for what cannot come.
let broken = false;
function test(name, work) {
  step(name, async (context) => {
    if (broken) return context.skip('an earlier step failed');
    broken = true;
    await work();
    broken = false;
  });
}

const words = (file) => (key, gaps) => t(file, key, gaps);
const account = words('account');
const family = words('family');
const demand = words('demand');
const ways = words('ways');
const offer = words('offer');
const common = words('common');

/** Fills in day, month and year of a date field. */
async function date(page, id, iso) {
  const [year, month, day] = iso.split('-');
  await page.locator(`#${id}-day`).fill(day);
  await page.locator(`#${id}-month`).fill(month);
  await page.locator(`#${id}-year`).fill(year);
}

function inMonths(months, day = 1) {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth() + months, day)).toISOString().slice(0, 10);
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const follow = (page, name) => page.getByRole('link', { name, exact: true }).click();
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();

test('a parent registers and confirms by the mailed link', async () => {
  const { page } = parent;
  await page.goto(`${base}/${tenant}/registrieren`);
  await heading(page, account('register.title'));
  await page.getByLabel(account('field.email')).fill(email);
  await page.getByLabel(account('field.password'), { exact: true }).fill(secret);
  await press(page, account('register.submit'));
  await heading(page, account('register.checkTitle'));
  await inspect(page, 'way-01-check-mail-phone');

  const message = await mail(email, /./);
  const raw = await rawMail(message.id);
  assert.match(raw, /^Message-ID: <.+@.+>$/im);
  assert.match(raw, /^Content-Type: multipart\/alternative/im);
  const link = linkIn(message);
  assert.match(link, new RegExp(`^${base}/${tenant}/bestaetigen#`), 'the token stands behind #, where no server log sees it');
  await page.goto(link);
  await press(page, account('confirm.submit'));
  await page.waitForURL(`${base}/${tenant}/familie`);
});

test('she enters herself and her child', async () => {
  const { page } = parent;
  await heading(page, family('home.title'));
  await inspect(page, 'way-02-empty-family-phone');
  await follow(page, family('home.data'));
  for (const [field, value] of Object.entries({
    first_name: 'Ole', last_name: "O'Groß", street: 'Ahornweg', house_number: '7 b', postal_code: '24937', city: 'Flensburg',
  })) {
    await page.getByLabel(family(`data.${field}`), { exact: true }).fill(value);
  }
  await press(page, common('action.save'));
  // Who has no child yet is led on to it.
  await heading(page, family('child.newTitle'));
  await page.getByRole('radio', { name: family('child.bornYes') }).check();
  await date(page, 'date', inMonths(-14, 9));
  await page.getByLabel(family('child.firstName')).fill('Jördis');
  await page.getByLabel(family('child.lastName')).fill('Groß-Łukasz');
  await press(page, family('child.add'));
  await heading(page, family('home.title'));
});

test('what is changed on another device meanwhile is shown, and never overwritten unseen', async () => {
  const { page } = parent;
  const api = `${base}/api/v1/${tenant}/family`;
  await follow(page, family('home.data'));
  await page.getByLabel(family('data.street'), { exact: true }).fill('Birkenweg');
  const { household } = await (await page.request.get(api)).json();
  const { version, street, house_number, postal_code, city } = household;
  const answer = await page.request.put(`${api}/household`, { data: { street, house_number, postal_code, city, address_protected: true }, headers: { ...own, 'if-match': `"${version}"` } });
  assert.ok(answer.ok(), await answer.text());
  // Typed text outlives the reload, and so does the version that it was typed over.
  await page.reload();
  await page.getByText(common('conflict.title')).first().waitFor();
  assert.equal(await page.getByLabel(family('data.street'), { exact: true }).inputValue(), 'Birkenweg');
  await page.getByText(family('data.isProtected'), { exact: true }).waitFor();
  await inspect(page, 'way-02b-conflict-phone');
  await press(page, common('conflict.takeTheirs'));
  assert.equal(await page.getByLabel(family('data.street'), { exact: true }).inputValue(), 'Ahornweg');
  await page.getByLabel(family('data.protected')).uncheck();
  await press(page, common('action.save'));
  await page.getByText(family('data.saved')).waitFor();
  assert.equal((await (await page.request.get(api)).json()).household.address_protected, false);
  await page.goto(`${base}/${tenant}/familie`);
  await heading(page, family('home.title'));
});

test('she fills in the demand with three preferences and sends it', async () => {
  const { page } = parent;
  await press(page, family('card.start'));
  await heading(page, demand('tasks.heading', { child }));
  await inspect(page, 'way-03-tasks-phone');
  await page.getByRole('link', { name: demand('step.care') }).click();
  await heading(page, demand('care.title'));
  await page.locator('input[type=radio][value=nursery]').check();
  await press(page, common('action.continue'));
  await heading(page, demand('start.title'));
  await date(page, 'desired_start', inMonths(7));
  await press(page, common('action.continue'));
  await heading(page, demand('times.title'));
  await page.getByLabel(demand('field.hours_per_week')).selectOption('35');
  await page.getByLabel(demand('field.window_from')).selectOption('07:30');
  await page.getByLabel(demand('field.window_to')).selectOption('15:30');
  // What would do as well, and what goes first then.
  await page.getByLabel(demand('field.least_hours')).selectOption('30');
  await page.getByLabel(demand('times.first.times')).check();
  await inspect(page, 'way-03b-times-phone');
  await press(page, common('action.continue'));

  await heading(page, demand('wishes.title'));
  for (const name of kitas) await addWish(page, name);
  // The third one is whatever the town's own list shows first.
  await page.getByLabel(demand('wishes.name')).fill('');
  await press(page, demand('wishes.search'));
  const free = page.getByRole('button', { name: /zu den Wünschen hinzufügen$/ }).first();
  third = (await free.getAttribute('aria-label')).replace(/ zu den Wünschen hinzufügen$/, '');
  await free.click();
  await page.getByRole('heading', { name: new RegExp(`^${demand('wishes.count', { count: '3', max: '\\d+' })}$`) }).waitFor();
  // Rather fewer hours at the second facility than at the first.
  const order = page.locator('section', { hasText: ways('own') }).getByRole('listitem');
  await order.nth(5).waitFor();
  await order.nth(3).getByRole('button', { name: new RegExp(`${demand('wishes.down', { name: '' })}$`) }).click();
  await order.nth(4).filter({ hasText: kitas[0] }).waitFor();
  await page.locator('section', { hasText: ways('own') }).getByText(/^gespeichert /).waitFor();
  await inspect(page, 'way-04-wishes-phone');
  await press(page, common('action.continue'));

  await heading(page, demand('situation.title'));
  await press(page, common('action.continue'));
  await heading(page, demand('claim.title'));
  await page.getByLabel(demand('claim.tick')).check();
  await press(page, common('action.continue'));
  await heading(page, demand('check.title'));
  for (const name of [...kitas, third]) await page.getByText(name).first().waitFor();
  await page.getByText(ways('title')).click();
  const listed = await page.locator('details', { hasText: ways('title') }).getByRole('listitem').allTextContents();
  assert.equal(listed.length, 6, 'each wish as wished, and then with fewer hours');
  for (const [at, name] of [...kitas, third, kitas[1], kitas[0], third].entries()) assert.ok(listed[at].startsWith(name), listed[at]);
  await inspect(page, 'way-05-check-phone');
  await press(page, demand('check.sendWithClaim'));
  await heading(page, demand('sent.title'));
  await inspect(page, 'way-06-sent-phone');
});

async function addWish(page, name) {
  await page.getByLabel(demand('wishes.name')).fill(name);
  await press(page, demand('wishes.search'));
  await press(page, demand('wishes.addName', { name }));
  await page.getByRole('button', { name: demand('wishes.isChosen', { name }) }).waitFor();
}

test('the receipt comes by mail and as a PDF, and says no more than it must', async () => {
  const { page } = parent;
  const code = (await page.locator('.kp-code, strong, code').allTextContents()).find((text) => /^[A-Z0-9][A-Z0-9-]{5,}$/.test(text.trim()));
  const message = await mail(email, /(eingegangen|angekommen|Eingang|Anmeldung)/i, { after: (await mail(email, /./)).id - 1 });
  if (code) assert.ok(message.text.includes(code.trim()), `the receipt names ${code}:\n${message.text}`);
  for (const part of [message.subject, message.text]) assert.doesNotMatch(part, /Jördis|Łukasz|Ahornweg/, 'a mail names a child by its initial at most');
  const href = await page.getByRole('link', { name: demand('sent.pdf') }).getAttribute('href');
  const pdf = await page.request.get(new URL(href, page.url()).href);
  assert.equal(pdf.status(), 200);
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
});

test('she says once for both of her children whether they go to one facility, and may change it', async () => {
  const { page } = parent;
  const api = (path) => `${base}/api/v1/${tenant}${path}`;
  const send = async (method, path, data, headers = {}) => {
    const answer = await page.request[method](api(path), { data, headers: { ...own, ...headers } });
    assert.ok(answer.ok(), await answer.text());
    return answer.status() === 204 ? null : answer.json();
  };
  const key = () => ({ 'idempotency-key': crypto.randomUUID() });
  const siblings = words('siblings');
  const [first] = (await (await page.request.get(api('/demands'))).json()).items;
  const open = async () => { await page.goto(`${base}/${tenant}/bedarf/${first.id}`); await page.getByText(first.reference_code).first().waitFor(); };
  await open();
  assert.equal(await page.getByRole('heading', { name: siblings('question') }).count(), 0, 'with one child nobody is asked');

  const second = await send('post', '/family/children', { first_name: 'Nele', last_name: 'Groß', sex: null, birth_date: inMonths(-40), expected_birth_date: null }, key());
  const draft = await send('post', '/demands', { child_id: second.id }, key());
  await send('patch', `/demands/${draft.id}`, { desired_start: first.desired_start }, { 'if-match': `"${draft.version}"` });
  await open();
  await page.getByRole('heading', { name: siblings('question') }).waitFor();
  await page.getByText(siblings('noCommon')).waitFor();
  const { version } = await (await page.request.get(api(`/demands/${draft.id}`))).json();
  await send('put', `/demands/${draft.id}/preferences`, { facility_ids: [first.preferences[0].facility_id] }, { 'if-match': `"${version}"` });
  await open();
  await page.getByText(siblings('common', { facilities: first.preferences[0].facility_name })).waitFor();
  await page.getByText(siblings('notAnswered')).waitFor();
  await press(page, siblings('save'));
  await page.getByText(siblings('need')).waitFor();
  await page.getByRole('radio', { name: siblings('answer.preferred') }).check();
  await press(page, siblings('save'));
  await page.locator('strong', { hasText: siblings('answer.preferred') }).waitFor();
  await page.getByRole('radio', { name: siblings('answer.required') }).check();
  await press(page, siblings('save'));
  await page.locator('strong', { hasText: siblings('answer.required') }).waitFor();
  await inspect(page, 'way-06b-siblings-phone');
  const both = (await (await page.request.get(api('/demands'))).json()).items;
  assert.deepEqual(both.map((one) => one.siblings.answer), ['required', 'required'], 'one answer for both');
  await page.goto(`${base}/${tenant}/familie`);
  await page.getByRole('link', { name: t('family', 'siblings.line', { answer: siblings('answer.required') }) }).first().waitFor();
  // The rest of this way is that of one child.
  await send('delete', `/demands/${draft.id}`, undefined);
  await send('delete', `/family/children/${second.id}`, undefined, { 'if-match': `"${second.version}"` });
});

const child = 'Jördis G.';
/** The Friday of the week that was offered, and then agreed. */
const agreed = (page) => page.getByRole('row', { name: `Freitag ${t('contracts', 'facts.windowValue', { from: '07:30', to: '12:00' })}` });

test('the manager sees the child, never the other wishes, and offers a place', async () => {
  const { page } = manager;
  const seen = [];
  page.on('response', async (answer) => {
    if (answer.url().includes('/staff/preferences') && answer.ok()) seen.push(await answer.text().catch(() => ''));
  });
  await signIn(page, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/vormerkungen`);
  await page.getByLabel(t('work', 'list.search')).fill('Jördis');
  await page.getByText(child).first().waitFor();
  await inspect(page, 'way-07-list-desktop');
  const open = page.getByRole('button', { name: new RegExp(`^${child}`) });
  await ((await open.count()) > 0 ? open.first() : page.getByText(child).first()).click();
  await page.getByRole('button', { name: t('work', 'act.offer') }).click();
  // Not on Wednesdays, and on Fridays until noon.
  const week = (key, gaps) => t('contracts', `staff.week.${key}`, gaps);
  await page.getByLabel(week('each')).check();
  await page.getByLabel(week('absentOf', { day: 'Mittwoch' })).check();
  const friday = page.getByLabel(week('toOf', { day: 'Freitag' }), { exact: true });
  await friday.fill('07:00');
  await press(page, t('work', 'offer.send'));
  await page.getByRole('alert').getByText(`${week('toOf', { day: 'Freitag' })}: ${t('problems', 'field.before_start')}`).waitFor();
  await friday.fill('12:00');
  await page.getByText(week('sum_other', { time: '28:30', count: 29 })).waitFor();
  await inspect(page, 'way-08-offer-form-desktop');
  await press(page, t('work', 'offer.send'));
  await page.getByText(t('work', 'done.offer', { child })).first().waitFor();
  await page.getByText('Mo–Di 07:30–15:30, Do 07:30–15:30, Fr 07:30–12:00').first().waitFor();
  await inspect(page, 'way-08-offered-desktop');
  assert.ok(seen.some((body) => body.includes(child)), 'the answers were looked at');
  for (const body of seen.filter(Boolean)) {
    assert.ok(!body.includes(kitas[1]) && !body.includes(third), 'no answer to a facility names another facility');
    // The rank in a score is that of criteria that go before points.
    const withoutScores = JSON.stringify(JSON.parse(body), (name, value) => (name === 'score' ? undefined : value));
    assert.doesNotMatch(withoutScores, /"rank"/, 'no answer to a facility tells the rank of a wish');
  }
});

test('the parent follows the mail, accepts, and the contract draft is there', async () => {
  const { page } = parent;
  const message = await mail(email, /(Angebot|Platz)/i);
  assert.doesNotMatch(message.subject + message.text, /Jördis|Łukasz/);
  const days = 'Mo–Di 07:30–15:30 Uhr, Do 07:30–15:30 Uhr, Fr 07:30–12:00 Uhr';
  assert.ok(message.text.replace(/\s+/g, ' ').includes(days), message.text);
  await page.goto(`${base}/${tenant}/familie`);
  await page.getByRole('article').getByText('Fr 07:30–12:00').waitFor();
  await inspect(page, 'way-09-offer-card-phone');
  await page.goto(linkIn(message));
  await heading(page, offer('title', { child }));
  await agreed(page).waitFor();
  await inspect(page, 'way-09-offer-phone');
  await press(page, offer('accept'));
  const dialog = page.getByRole('dialog');
  await dialog.getByText(offer('acceptTitle')).waitFor();
  await dialog.getByRole('button', { name: offer('accept') }).click();
  await heading(page, t('contracts', 'title', { child }));
  await agreed(page).waitFor();
  await inspect(page, 'way-10-contract-phone');
  contract = page.url();
  const pdf = await page.request.get(`${base}/api/v1/${tenant}/contracts/${contract.split('/').at(-1)}/draft.pdf`);
  assert.equal(pdf.status(), 200);
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
});

test('the other wishes end as covered elsewhere, and both sides have their mails', async () => {
  const { page } = parent;
  const answer = await page.request.get(`${base}/api/v1/${tenant}/demands`);
  const [mine] = (await answer.json()).items;
  assert.equal(mine.state, 'covered');
  assert.deepEqual(mine.preferences.map((one) => one.state).sort(), ['accepted', 'covered_elsewhere', 'covered_elsewhere']);
  await mail(email, /(Vertrag|angenommen)/i);
});

test('nothing went wrong in the background', async () => {
  await parent.end();
  await manager.end();
});
