// An administrator begins a version of the criteria with a template, changes it, sees the trial, and publishes it; parents read it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, base, desktop, enter, fits, launch, person, phone, picture, settled, t } from './frame.mjs';

const tenant = 'chemnitz';
const words = (key, gaps) => t('criteria', key, gaps);

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('from a template to the page for parents', async () => {
  const { page, end } = await person(browser, { viewport: desktop });
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/kriterien`);
  await page.getByRole('button', { name: words('list.new') }).click();
  await page.getByLabel(words('new.name')).fill('Kriterien ab 2030');
  await page.getByLabel(words('new.templateField'), { exact: true }).selectOption('konstanz_u3');
  await picture(page, 'admin-criteria-new-desktop');
  await accessible(page, 'dialog of a new version');
  await page.getByRole('button', { name: words('new.submit') }).click();
  await page.getByRole('heading', { level: 1, name: 'Kriterien ab 2030' }).waitFor();
  // Family C: both work 5, one child under 13 counts 1.
  const family = page.locator('.kp-sample', { hasText: words('preview.family', { letter: 'C' }) });
  await family.getByText('6 Punkte').waitFor();
  const rule = page.locator('.kp-rule', { hasText: 'Beide Eltern arbeiten' });
  await rule.getByRole('button', { name: `${words('rule.edit')}: Beide Eltern arbeiten` }).click();
  await rule.getByLabel(words('rule.points'), { exact: true }).fill('9');
  await family.getByText('10 Punkte').waitFor();
  await picture(page, 'admin-criteria-edit-desktop');
  await accessible(page, 'editor with an open rule');
  await page.getByRole('button', { name: words('edit.save') }).click();
  await page.getByText(words('edit.saved')).waitFor();
  await page.getByRole('button', { name: words('edit.publish') }).click();
  for (const [part, text] of [['day', '1'], ['month', '8'], ['year', '2030']]) await page.locator(`#valid_from-${part}`).fill(text);
  await picture(page, 'admin-criteria-publish-desktop');
  await accessible(page, 'dialog of publishing');
  await page.getByRole('button', { name: words('publish.submit'), exact: true }).click();
  await page.getByText(words('edit.fixed')).waitFor();
  await end();

  const parent = await person(browser, { viewport: phone });
  await parent.page.goto(`${base}/${tenant}/vergabe`);
  await settled(parent.page);
  await parent.page.getByText(words('parents.coming', { date: '1. August 2030' })).waitFor();
  assert.ok(await parent.page.getByText('9 Punkte').first().isVisible());
  // The list of reasons to depart from the order, which the forms of the office call published.
  const reasons = ['court_order', 'hardship', 'inclusion', 'siblings_together', 'group_mix', 'data_error'];
  for (const reason of reasons) await parent.page.getByText(t('why', `providerReason.${reason}`), { exact: true }).waitFor();
  await picture(parent.page, 'criteria-coming-phone');
  await fits(parent.page, 'criteria');
  await accessible(parent.page, 'criteria');
  await parent.end();
});

test('a family reads its own points in detail', async () => {
  const { page, end } = await person(browser, { viewport: phone });
  await enter(page.request, 'flensburg', 'familie2');
  const demands = await (await page.request.get(`${base}/api/v1/flensburg/demands`)).json();
  await page.goto(`${base}/flensburg/bedarf/${demands.items[0].id}`);
  await settled(page);
  await page.locator('.kp-own summary').first().click();
  await page.locator('.kp-score').first().waitFor();
  await picture(page, 'parent-points-phone');
  await fits(page, 'own points');
  await accessible(page, 'own points');
  await end();
});
