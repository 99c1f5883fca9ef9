// Children who live elsewhere: a family announces its move on the phone, the office sees the proof, and asks the home of a guest child.
import { test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, button, date, day, deskAndPhone, desktop, enter, inspect, look, phone, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('residence', key, gaps);
const login = 'eltern15';
const api = (path) => `${base}/api/v1/${tenant}${path}`;

const who = deskAndPhone();
let id;

const test = story(step);
const section = (page) => page.locator('#wohnort');

test('a family that moves here says so in its application', async () => {
  const { page } = who.parent;
  await enter(page.request, tenant, login);
  const list = await (await page.request.get(api('/demands'))).json();
  id = list.items.find((one) => ['submitted', 'confirmed'].includes(one.state)).id;
  await page.goto(`${base}/${tenant}/bedarf/${id}`);
  await button(section(page), words('family.plan')).click();
  await button(section(page), words('family.save')).click();
  await section(page).getByText(t('common', 'form.wrongDate')).first().waitFor();
  await date(page, 'move_on', day(40));
  await section(page).getByLabel(words('field.postal_code')).fill('24937');
  await section(page).getByLabel(words('field.city')).fill('Flensburg');
  await button(section(page), words('family.save')).click();
  await section(page).getByText(/Sie ziehen am/).waitFor();
  await inspect(page, 'residence-01-move-phone');
});

test('the office finds it on its list and enters what it has seen', async () => {
  const { page } = who.desk;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/zuzug`);
  await page.locator('tbody').getByText(words('move.announced'), { exact: true }).first().waitFor();
  await inspect(page, 'residence-02-movers-desktop');
  await page.goto(`${base}/${tenant}/amt/bedarfe/${id}`);
  await button(section(page), words('section.seen')).click();
  await section(page).getByLabel(words('papers.registration')).check();
  await button(section(page), t('common', 'action.save')).click();
  await section(page).getByText(words('section.saved')).waitFor();
  await section(page).getByText(words('move.proven')).waitFor();
  await who.parent.page.reload();
  await section(who.parent.page).getByText(/nachgewiesen/).waitFor();
});

test('the home municipality of a guest child is asked, and its answer reaches the family', async () => {
  const { page } = who.desk;
  await page.goto(`${base}/${tenant}/amt/gastkinder?state=open`);
  await page.locator('tbody').getByText(words('guest.open'), { exact: true }).first().waitFor();
  await page.goto(`${base}/${tenant}/amt/gastkinder`);
  await page.locator('tbody').getByText(words('guest.granted'), { exact: true }).first().waitFor();
  await inspect(page, 'residence-03-guests-desktop');
  await page.locator('tbody tr').filter({ hasText: words('guest.open') }).getByRole('link').first().click();
  await button(section(page), words('section.ask')).click();
  await section(page).getByText(words('section.saved')).waitFor();
  const guest = /bedarfe\/([0-9a-f-]+)/.exec(page.url())[1];
  const letter = await page.request.get(api(`/office/demands/${guest}/guest/letter`));
  assert.equal((await letter.body()).subarray(0, 5).toString(), '%PDF-');
  await button(section(page), words('section.answer')).click();
  await inspect(page, 'residence-04-answer-desktop');
  await date(page, 'valid_from', day(30));
  // The form asks for the last day; the service keeps the first one on which the consent does not hold.
  await date(page, 'valid_until', day(200));
  await section(page).getByLabel(words('field.file_number')).fill('51.2-18/27');
  await button(section(page), t('common', 'action.save')).click();
  await section(page).getByText('51.2-18/27').waitFor();
  const { items } = await (await page.request.get(api('/office/guests?state=granted'))).json();
  assert.equal(items.find((one) => one.demand_id === guest)?.valid_until, day(201));
});

test('a consent that is taken back leaves the contract, and a person of the office decides', async () => {
  const { page } = who.desk;
  await page.goto(`${base}/${tenant}/amt/gastkinder?lapsed=true`);
  await page.locator('tbody').getByRole('link').first().click();
  await section(page).getByText(words('lapse.open')).waitFor();
  await look(page, 'residence-05-lapse-desktop');
  await button(section(page), words('lapse.decide')).click();
  await button(section(page), t('common', 'action.save')).click();
  await section(page).getByText(t('residence', 'lapse.needReason')).first().waitFor();
  await section(page).getByLabel(words('lapse.field.why')).fill('Das Kind bleibt bis zur Einschulung in seiner Gruppe.');
  await inspect(page, 'residence-05-decide-desktop');
  await button(section(page), t('common', 'action.save')).click();
  await section(page).getByText(words('lapse.decided')).waitFor();
  // An earlier day comes by another letter: that is noted, and decided, anew.
  await button(section(page), words('lapse.withdraw')).click();
  await look(page, 'residence-06-withdraw-desktop');
  await date(page, 'withdrawn_from', day(60));
  await button(section(page), t('common', 'action.save')).click();
  await section(page).getByText(words('lapse.open')).waitFor();
  await who.desk.end();
  await who.parent.end();
});
