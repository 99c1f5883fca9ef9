// A vacancy through the pages: who is next, one offer, the family declines on her phone, and the next one is the task.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, desktop, enter, inspect, launch, password, person, phone, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('followups', key, gaps);
const logins = ['familie2', ...Array.from({ length: 20 }, (_, n) => `eltern${String(n + 1).padStart(2, '0')}`)];

let browser;
let manager;
let first;
let address;
before(async () => {
  browser = await launch();
  manager = await person(browser, { viewport: desktop });
});
after(() => browser?.close());

const test = story(step);

const listed = (page) => page.locator('ol .kp-case-wish');
const nameOf = async (row) => (await row.locator('.kp-case-wish__head').innerText()).split('\n')[0].replace(/^\d+\.\s*/, '').trim();
const codeOf = async (row) => /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await row.innerText())?.[0];

/** Who of the made-up families has the demand with this code. */
async function loginOf(code) {
  for (const login of logins) {
    const body = JSON.stringify({ email: `${login}@${tenant}.example`, password });
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${base}/api/v1/${tenant}/session`, { method: 'POST', headers, body });
    if (!answer.ok) continue;
    const cookie = answer.headers.get('set-cookie').split(';')[0];
    const demands = await (await fetch(`${base}/api/v1/${tenant}/demands`, { headers: { cookie } })).json();
    if (demands.items.some((demand) => demand.reference_code === code)) return login;
  }
  return assert.fail(`nobody has the demand ${code}`);
}

test('a manager sees what is free and who is next', async () => {
  const { page } = manager;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/nachruecken`);
  await page.getByRole('heading', { level: 1, name: words('title') }).waitFor();
  await page.getByText(/^Als Nächstes: /).first().waitFor();
  await inspect(page, 'followups-01-vacancies-desktop');
  // Where two families at least wait, so that there is a next one after the first.
  const card = page.locator('main li').filter({ hasText: /Auf der Liste: ([2-9]|\d\d)/ }).first();
  await card.getByRole('button').click();
  await page.getByText(words('isNext'), { exact: true }).waitFor();
  assert.ok((await listed(page).count()) >= 2);
  address = page.url();
  await inspect(page, 'followups-02-list-desktop');
});

test('another one than the next needs a reason', async () => {
  const { page } = manager;
  await listed(page).nth(1).getByRole('button').click();
  await page.getByRole('button', { name: words('deviate.send'), exact: true }).click();
  await page.getByRole('alert').getByText(t('rounds', 'deviation.needReason')).waitFor();
  await inspect(page, 'followups-03-deviate-desktop');
  await page.getByRole('button', { name: t('common', 'action.cancel'), exact: true }).click();
});

test('the next one is offered the place once the consequence is said, and is then passed over', async () => {
  const { page } = manager;
  const row = listed(page).first();
  first = { name: await nameOf(row), code: await codeOf(row) };
  await row.getByRole('button', { name: words('offerTo', { child: first.name }) }).click();
  // What binds is asked once, with what follows from it.
  const ask = page.getByRole('dialog');
  await ask.getByText(words('offerTitle', { child: first.name })).waitFor();
  await ask.getByRole('button', { name: words('offer'), exact: true }).click();
  await page.getByText(words('done', { child: first.name })).waitFor();
  await page.getByText(words('skip.open_offer')).first().waitFor();
});

test('the family declines, and the next in line is the task', async () => {
  const family = await person(browser, { viewport: phone });
  const { page } = family;
  await enter(page.request, tenant, await loginOf(first.code));
  const offers = await (await page.request.get(`${base}/api/v1/${tenant}/offers`)).json();
  const open = offers.items.find((offer) => offer.state === 'sent' || offer.state === 'viewed');
  await page.goto(`${base}/${tenant}/angebot/${open.id}`);
  await page.getByRole('button', { name: t('offer', 'decline'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio').first().check();
  await dialog.getByRole('button', { name: t('offer', 'decline'), exact: true }).click();
  await page.getByText(t('offer', 'declined')).waitFor();
  await family.end();
  await manager.page.goto(address);
  await manager.page.getByText(words('isNext'), { exact: true }).waitFor();
  assert.notEqual(await codeOf(listed(manager.page).first()), first.code);
  const small = await person(browser, { viewport: phone });
  await enter(small.page.request, tenant, 'leitung');
  await small.page.goto(address);
  await small.page.getByText(words('isNext'), { exact: true }).waitFor();
  await inspect(small.page, 'followups-04-next-phone');
  await small.end();
});

test('nothing went wrong in the background', async () => {
  await manager.end();
});
