// A new administrator is led through what is missing; the menus are found by keyboard and on a phone; the audit is looked through.
import { after, before, test } from 'node:test';
import { base, button, desktop, inspect, launch, person, phone, settled, signIn, story, t } from './frame.mjs';

const tenant = 'chemnitz';
const words = (key, gaps) => t('setup', key, gaps);
const menu = (key) => t('menu', key);
const step = story(test);
let browser, admin;

before(async () => {
  browser = await launch();
  admin = await person(browser, { viewport: desktop });
});
after(() => browser?.close());

step('the first sign-in leads to what is missing, and each step to its page', async () => {
  const { page } = admin;
  await signIn(page, tenant, 'verwaltung');
  await page.waitForURL((url) => url.pathname.endsWith('/verwaltung/erste-schritte'));
  await page.getByRole('heading', { level: 1, name: words('title') }).waitFor();
  await inspect(page, 'setup-01-steps-desktop');
  await page.getByRole('link', { name: words('step.closing_days.link') }).click();
  await page.getByRole('heading', { level: 1, name: t('admin', 'closing.title') }).waitFor();
  const year = new Date().getFullYear();
  const buttons = page.getByRole('button', { name: new RegExp(`Feiertage? ${year} eintragen|Feiertage? ${year + 1} eintragen`) });
  await buttons.first().waitFor();
  while (await buttons.count()) {
    const before = await buttons.count();
    await buttons.first().click();
    await page.waitForFunction((n) => [...document.querySelectorAll('button')].filter((b) => /Feiertage? \d+ eintragen/.test(b.textContent)).length < n, before);
  }
  await page.getByText('Buß- und Bettag').first().waitFor();
  await inspect(page, 'setup-03-holidays-desktop');
});

step('defaults are taken over, and with the last step the office begins', async () => {
  const { page } = admin;
  await page.getByRole('navigation', { name: t('admin', 'title') }).getByRole('link', { name: menu('setup') }).click();
  const confirm = page.getByRole('button', { name: words('confirm') });
  await confirm.first().waitFor();
  while (await confirm.count()) {
    const left = await confirm.count();
    await confirm.first().click();
    await page.waitForFunction(([n, label]) => location.pathname.endsWith('/amt') || [...document.querySelectorAll('button')].filter((b) => b.textContent.includes(label)).length < n, [left, words('confirm')]);
  }
  await page.waitForURL((url) => url.pathname.endsWith('/amt'));
});

step('the office is found by keyboard, group by group', async () => {
  const { page } = admin;
  const nav = page.getByRole('navigation', { name: t('office', 'title') });
  for (const [group, room] of [['demands', t('file', 'register.title')], ['allocation', t('followups', 'title')], ['planning', t('places', 'forecast.title')], ['notices', t('fees', 'office.title')], ['post', t('office', 'dead.title')]]) {
    await settled(page);
    await nav.getByRole('link', { name: menu(group) }).first().focus();
    await page.keyboard.press('Enter');
    await nav.getByRole('link', { name: room }).waitFor();
    await settled(page);
    await nav.getByRole('link', { name: room }).focus();
    await page.keyboard.press('Enter');
    await nav.locator('[aria-current="page"]').filter({ hasText: room }).first().waitFor();
    await nav.locator('[aria-current]').filter({ hasText: menu(group) }).first().waitFor();
  }
  await inspect(page, 'menu-01-desktop');
  await page.setViewportSize(phone);
  await nav.getByRole('button').click();
  await nav.getByRole('link', { name: t('followups', 'title') }).waitFor();
  await inspect(page, 'menu-02-phone');
  await nav.getByRole('link', { name: t('followups', 'title') }).click();
  await page.waitForURL((url) => url.pathname.endsWith('/nachruecken'));
  await page.setViewportSize(desktop);
});

step('the administrator has the audit looked through', async () => {
  const { page } = admin;
  await page.goto(`${base}/${tenant}/verwaltung/protokoll`);
  await button(page, t('audit', 'check')).click();
  await page.getByText(/Unverändert: [\d.]+ Einträge geprüft/).waitFor();
  await inspect(page, 'audit-01-whole-desktop');
});

step('what was changed stands in earlier versions, and one of them holds again', async () => {
  const { page } = admin;
  const version = (key, gaps) => t('versions', key, gaps);
  await page.goto(`${base}/${tenant}/verwaltung/rechtliches?seite=privacy&sprache=de`);
  const text = page.locator('#body');
  await text.fill(`${await text.inputValue()}\n\nEin neuer Absatz.`);
  await button(page, t('admin', 'legal.save')).click();
  await page.getByText(t('admin', 'legal.saved')).waitFor();
  await page.getByText(version('title'), { exact: true }).click();
  await page.getByRole('definition').filter({ hasText: 'Ein neuer Absatz.' }).waitFor();
  await inspect(page, 'versions-01-legal-desktop');
  await page.setViewportSize(phone);
  await inspect(page, 'versions-02-legal-phone');
  await page.setViewportSize(desktop);
  await button(page, version('restoreOf', { number: 1 })).click();
  await button(page.getByRole('dialog'), version('restoreOf', { number: 1 })).click();
  await page.getByText(version('restored', { number: 1 })).waitFor();
  await page.waitForFunction(() => !document.querySelector('#body').value.includes('Ein neuer Absatz.'));
  await page.goto(`${base}/${tenant}/recht/privacy`);
  await page.getByRole('heading', { name: t('public', 'legalPage.earlier') }).waitFor();
  await inspect(page, 'versions-03-public-desktop');
  await page.getByRole('link', { name: /^Fassung vom / }).first().click();
  await page.getByText(t('public', 'legalPage.isEarlier')).waitFor();
  await page.getByText('Ein neuer Absatz.').waitFor();
  await page.goto(`${base}/${tenant}/verwaltung/schliesstage`);
  await page.getByText(version('title'), { exact: true }).click();
  await page.getByText(version('of', { what: version('forAll'), number: 1 })).waitFor();
  await inspect(page, 'versions-04-closing-days-desktop');
});

step('nothing went wrong in the background', () => admin.end());
