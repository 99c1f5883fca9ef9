// The operator's pages: making a municipality, closing it and opening it again, and how one leaves; no family is seen.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, base, button, fits, inspect, launch, linkIn, look, mail, password, person, phone, picture, settled, story, t } from './frame.mjs';

const words = (key, gaps) => t('operator', key, gaps);
const town = 'Gemeinde Neuenkirchen-Vörden';
const test = story(step);

let browser;
let desk;
before(async () => {
  browser = await launch();
  desk = await person(browser);
});
after(() => browser?.close());

const row = (page, name) => page.locator('tbody tr').filter({ hasText: name });
const enter = async (page, secret) => {
  await page.getByLabel(words('signIn.email')).fill('betreiber@kitaplatz.example');
  await page.getByLabel(words('signIn.password')).fill(secret);
  await button(page, words('signIn.send')).click();
};

test('a wrong password is told in words, the right one shows all municipalities', async () => {
  const { page } = desk;
  await page.goto(`${base}/betreiber`);
  await enter(page, 'nicht das richtige');
  await page.getByText(t('problems', 'code.identity.credentials')).waitFor();
  await inspect(page, 'operator-01-sign-in-desktop');
  await enter(page, password);
  for (const name of ['Flensburg', 'Leipzig', 'Chemnitz']) await row(page, name).waitFor();
  await inspect(page, 'operator-02-tenants-desktop');
});

test('a new municipality says what is missing, then invites its administrator', async () => {
  const { page } = desk;
  await button(page, words('create.title')).click();
  const send = page.locator('form').getByRole('button', { name: words('create.send'), exact: true });
  await send.click();
  await page.getByRole('alert').getByText(words('create.needAgs')).waitFor();
  assert.match(await page.evaluate(() => document.activeElement.textContent), new RegExp(t('operator', 'create.field.name')));
  await look(page, 'operator-03-create-faults-desktop');
  const field = (name) => page.getByLabel(words(`create.field.${name}`), { exact: true });
  await field('name').fill(town);
  await field('slug').fill('neuenkirchen');
  await field('ags').fill('03459025');
  await field('ars').fill('034595405025');
  await field('federal_state').selectOption('NI');
  await field('admin_email').fill('verwaltung@neuenkirchen.example');
  await send.click();
  await page.getByText(words('create.done', { name: town, email: 'verwaltung@neuenkirchen.example' })).waitFor();
  assert.match(linkIn(await mail('verwaltung@neuenkirchen.example', /./)), /\/neuenkirchen\//);
});

test('closing a municipality tells what it means, closes its pages, and is taken back with one click', async () => {
  const { page } = desk;
  await row(page, town).getByRole('button').first().click();
  await page.getByText(words('leave.title')).click();
  await inspect(page, 'operator-04-tenant-desktop');
  await button(page, words('state.suspend')).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Konten: /).waitFor();
  await picture(page, 'operator-05-ask-desktop', { fullPage: false });
  await dialog.getByRole('button', { name: words('state.suspend') }).click();
  await row(page, town).getByText(words('state.suspended')).waitFor();
  // Its visitors get a 503, which is no fault here.
  const visitor = await browser.newPage({ locale: 'de-DE' });
  await visitor.goto(`${base}/neuenkirchen`);
  await visitor.getByRole('heading', { level: 1, name: t('common', 'suspended.title') }).waitFor();
  await page.getByRole('button', { name: t('common', 'action.undo') }).click();
  await row(page, town).getByText(words('state.active')).waitFor();
  await visitor.reload();
  await visitor.getByRole('heading', { level: 1, name: new RegExp(town) }).or(visitor.getByText(town).first()).first().waitFor();
  await visitor.close();
});

test('on a phone it is the same, and signing out leaves nothing', async () => {
  const small = await person(browser, { viewport: phone });
  const { page } = small;
  await page.goto(`${base}/betreiber`);
  await enter(page, password);
  await row(page, town).waitFor();
  await inspect(page, 'operator-06-tenants-phone');
  await row(page, town).getByRole('button').first().click();
  await page.getByRole('heading', { level: 2, name: town }).waitFor();
  await settled(page);
  await fits(page, 'a municipality on the phone');
  await accessible(page, 'a municipality on the phone');
  await picture(page, 'operator-07-tenant-phone', { fullPage: false });
  await page.keyboard.press('Escape');
  await button(page, words('signOut')).click();
  await page.getByLabel(words('signIn.password')).waitFor();
  assert.equal(await page.getByText(town).count(), 0);
  await small.end();
});

test('nothing went wrong in the background', () => desk.end());
