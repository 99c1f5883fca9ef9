// Custody, a protected address, who looked, the own copy, and deletion by period: through the pages of clerk, parent and administration.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { base, desktop, enter, inspect, launch, password, person, phone, t } from './frame.mjs';

const tenant = 'flensburg';
const login = 'eltern04';
const words = (key, gaps) => t('privacy', key, gaps);

let browser;
let clerk;
let family;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

// Each step stands on the one before it; after a failure the rest would only wait for what cannot come.
let broken = false;
function test(title, work) {
  step(title, async (context) => {
    if (broken) return context.skip('an earlier step failed');
    broken = true;
    await work();
    broken = false;
  });
}

/** What the family itself knows, asked of the API. */
async function known() {
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
  const body = JSON.stringify({ email: `${login}@${tenant}.example`, password });
  const answer = await fetch(`${base}/api/v1/${tenant}/session`, { method: 'POST', headers, body });
  const cookie = answer.headers.get('set-cookie').split(';')[0];
  const get = async (path) => (await fetch(`${base}/api/v1/${tenant}${path}`, { headers: { cookie } })).json();
  const [own, demands] = [await get('/family'), await get('/demands')];
  return { street: own.household.street, child: own.children[0].id, demand: demands.items[0].id };
}

test('a clerk sees custody over time, and no protected address', async () => {
  family = await known();
  clerk = await person(browser, { viewport: desktop });
  const { page } = clerk;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/bedarfe/${family.demand}`);
  await page.getByRole('heading', { name: words('custody.title'), exact: true }).waitFor();
  await page.getByText(words('custody.state.ended')).waitFor();
  await page.getByText(words('protection.nobody')).waitFor();
  assert.ok(!(await page.content()).includes(family.street), 'the street stands in no view');
  await inspect(page, 'privacy-01-case-desktop');
});

test('whoever takes the case opens the address, with a purpose', async () => {
  const { page } = clerk;
  await page.getByRole('button', { name: words('protection.take') }).click();
  await page.getByRole('button', { name: words('protection.open') }).click();
  await page.getByText(words('protection.needPurpose')).waitFor();
  await page.getByLabel(words('protection.purpose')).selectOption('letter');
  await page.getByRole('button', { name: words('protection.open') }).click();
  await page.getByText(family.street).waitFor();
  await inspect(page, 'privacy-02-address-desktop');
  await page.getByRole('button', { name: words('protection.close') }).click();
});

test('custody is changed with a ground, and somebody always keeps it', async () => {
  const small = await person(browser, { viewport: phone });
  const { page } = small;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/bedarfe/${family.demand}`);
  await page.getByRole('heading', { name: words('custody.title'), exact: true }).waitFor();
  await page.getByRole('button', { name: /^Sorgerecht von (?!Robert)/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: words('custody.save') }).click();
  await dialog.getByText(words('custody.needReason')).first().waitFor();
  await inspect(page, 'privacy-03-change-phone');
  const today = new Date();
  const to = dialog.getByRole('group', { name: new RegExp(words('custody.to')) });
  await to.getByLabel('Tag').fill(String(today.getDate()));
  await to.getByLabel('Monat').fill(String(today.getMonth() + 1));
  await to.getByLabel('Jahr').fill(String(today.getFullYear() + 1));
  await dialog.getByLabel(words('custody.reason'), { exact: true }).selectOption('court_decision');
  await dialog.getByRole('button', { name: words('custody.save') }).click();
  await dialog.getByText(t('problems', 'code.family.nobody_left')).waitFor();
  await small.end();
});

test('the parent sees on her phone who looked, and no name', async () => {
  const parent = await person(browser, { viewport: phone });
  const { page } = parent;
  await enter(page.request, tenant, login);
  await page.goto(`${base}/${tenant}/familie/kind/${family.child}`);
  await page.getByRole('link', { name: words('access.link') }).click();
  await page.getByText(words('access.action.read_protected_address')).first().waitFor();
  await page.getByText(words('access.reason', { reason: words('protection.purposes.letter') })).first().waitFor();
  assert.ok(!(await page.content()).includes('Amtmann'), 'a role, and not a name');
  await inspect(page, 'privacy-04-access-phone');
  await page.goto(`${base}/${tenant}/familie/auskunft`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: words('export.button') }).click()]);
  assert.equal(download.suggestedFilename(), 'meine-daten.json');
  await inspect(page, 'privacy-05-copy-phone');
  await parent.end();
});

test('the administration sees the alert, and what the night will delete', async () => {
  const admin = await person(browser, { viewport: desktop });
  const { page } = admin;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/protokoll?alerts=true`);
  await page.getByText(words('access.action.read_protected_address')).first().waitFor();
  await inspect(page, 'privacy-06-alerts-desktop');
  await page.goto(`${base}/${tenant}/verwaltung/loeschfristen`);
  await page.getByText(words('retention.classes.unserved')).first().waitFor();
  await inspect(page, 'privacy-07-retention-desktop');
  await page.getByLabel(words('retention.field.audit_months')).fill('3');
  await page.getByRole('button', { name: t('admin', 'group.save') }).click();
  await page.getByText(t('problems', 'field.out_of_range')).first().waitFor();
  await page.getByLabel(words('retention.field.audit_months')).fill('36');
  await page.getByRole('button', { name: t('admin', 'group.save') }).click();
  await page.getByText(t('admin', 'group.saved')).waitFor();
  await page.goto(`${base}/${tenant}/amt/bedarfe/${family.demand}`);
  await page.getByRole('heading', { name: words('restriction.title'), exact: true }).waitFor();
  await page.getByLabel(words('restriction.ground')).selectOption('objection');
  await page.getByRole('button', { name: words('restriction.set') }).click();
  await page.getByText(t('problems', 'code.family.demand_open')).waitFor();
  // Who works here has a copy as well, of the own account.
  await page.goto(`${base}/${tenant}/konto`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: words('export.button') }).click()]);
  const { data } = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.deepEqual([data.account.length, data.membership[0].role, data.facility], [1, 'tenant_admin', []]);
  await page.getByRole('link', { name: t('copy', 'open') }).click();
  await page.getByText(t('actions', 'op.export_account')).first().waitFor();
  await inspect(page, 'privacy-08-own-copy-desktop');
  await admin.end();
});

test('nothing went wrong in the background', async () => {
  await clerk.end();
});
