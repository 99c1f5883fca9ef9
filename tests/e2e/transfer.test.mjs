// A child that has a place wishes another one: the entry on the child's page, the place that stays, and the office's view of it.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, desktop, enter, inspect, launch, password, person, phone, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('transfer', key, gaps);
const demand = (key, gaps) => t('demand', key, gaps);
const logins = ['familie2', ...Array.from({ length: 20 }, (_, n) => `eltern${String(n + 1).padStart(2, '0')}`)];

let browser;
let family;
let child;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const test = story(step);

/** A made-up family with a child that has a place and looks for none. */
async function placed() {
  for (const login of logins) {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    const body = JSON.stringify({ email: `${login}@${tenant}.example`, password });
    const answer = await fetch(`${base}/api/v1/${tenant}/session`, { method: 'POST', headers, body });
    if (!answer.ok) continue;
    const cookie = answer.headers.get('set-cookie').split(';')[0];
    const { children } = await (await fetch(`${base}/api/v1/${tenant}/family`, { headers: { cookie } })).json();
    const found = children.find((one) => one.may_transfer);
    if (found) return { login, child: found };
  }
  return assert.fail('no child of the demo has a place');
}

test('on the page of a child with a place the family begins a wish to change, and reads that the place stays', async () => {
  const found = await placed();
  child = found.child;
  family = await person(browser, { viewport: phone });
  const { page } = family;
  await enter(page.request, tenant, found.login);
  await page.goto(`${base}/${tenant}/familie/kind/${child.id}`);
  await page.getByRole('heading', { level: 2, name: words('title') }).waitFor();
  await page.getByText(words('safe')).waitFor();
  await inspect(page, 'transfer-01-child-phone');
  await page.getByRole('button', { name: words('start'), exact: true }).click();
  await page.getByText(words('banner', { facility: child.place.facility_name })).waitFor();
  await inspect(page, 'transfer-02-begun-phone');
});

test('after the situation no claim is asked for, and the wish is sent', async () => {
  const { page } = family;
  const at = page.url();
  const id = at.split('/').pop();
  // The pages of a demand are walked through elsewhere; here the answers are given at once.
  const api = (path) => `${base}/api/v1/${tenant}${path}`;
  const headers = { 'sec-fetch-site': 'same-origin', origin: base };
  const made = await (await page.request.get(api(`/demands/${id}`))).json();
  assert.equal(made.transfer, true);
  const start = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 8, 1)).toISOString().slice(0, 10);
  const form = { care_type: 'kindergarten', desired_start: start, hours_per_week: 35, window_from: '08:00', window_to: '15:00' };
  const filled = await page.request.patch(api(`/demands/${id}`), { data: form, headers: { ...headers, 'if-match': `"${made.version}"` } });
  assert.equal(filled.status(), 200, await filled.text());
  const search = await (await page.request.get(api('/facilities?limit=5'))).json();
  const other = search.items.find((one) => one.name !== child.place.facility_name);
  const { version } = await filled.json();
  const wished = await page.request.put(api(`/demands/${id}/preferences`), { data: { facility_ids: [other.id] }, headers: { ...headers, 'if-match': `"${version}"` } });
  assert.equal(wished.status(), 200, await wished.text());
  await page.goto(`${at}/situation`);
  await page.getByRole('button', { name: t('common', 'action.continue'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: demand('check.title') }).waitFor();
  assert.equal(await page.getByText(demand('check.claimNo')).count(), 0, 'a child with a place asserts no claim');
  await inspect(page, 'transfer-03-check-phone');
  await page.getByRole('button', { name: demand('check.send'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: demand('sent.title') }).waitFor();
  await page.goto(at);
  await page.getByText(words('banner', { facility: child.place.facility_name })).waitFor();
  await inspect(page, 'transfer-04-status-phone');
  await page.goto(`${base}/${tenant}/familie`);
  await page.getByText(words('banner', { facility: child.place.facility_name })).waitFor();
  await inspect(page, 'transfer-05-home-phone');
});

test('the office counts it apart, and reads where the child has its place', async () => {
  const clerk = await person(browser, { viewport: desktop });
  const { page } = clerk;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt`);
  await page.getByRole('link', { name: new RegExp(words('count')) }).click();
  await page.getByText(words('badge'), { exact: true }).first().waitFor();
  await inspect(page, 'transfer-06-office-desktop');
  // The demo has a wish of another family.
  await page.locator('tbody tr').filter({ hasText: child.first_name }).first().locator('td, th').first().click();
  await page.getByText(words('office', { facility: child.place.facility_name })).waitFor();
  await inspect(page, 'transfer-07-demand-desktop');
  await clerk.end();
});

test('taking the wish back leaves the place as it was', async () => {
  const { page } = family;
  await page.goto(`${base}/${tenant}/familie/kind/${child.id}`);
  await page.getByRole('link', { name: words('open'), exact: true }).click();
  await page.getByRole('button', { name: demand('withdraw.button'), exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: demand('withdraw.submit'), exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goto(`${base}/${tenant}/familie/kind/${child.id}`);
  await page.getByRole('button', { name: words('start'), exact: true }).waitFor();
  await family.end();
});
