// The form of the statistics of 1 March: a head enters the house and the children, a childminder herself on the phone, the office sees it.
import { test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, button, deskAndPhone, desktop, enter, inspect, phone, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('statistics', key, gaps);
const year = new Date().getFullYear() + 1;
const test = story(step);
const who = deskAndPhone();
const api = async (page, path) => {
  const answer = await page.request.get(`${base}/api/v1/${tenant}${path}`);
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
  return answer.json();
};
const missing = (page, code) => page.getByRole('listitem').getByText(words(`missing.${code}`), { exact: true });
let facility;

test('a head enters the house and who works there, and is told what is still missing', async () => {
  const { page } = who.desk;
  await enter(page.request, tenant, 'leitung');
  facility = (await api(page, '/staff/facilities')).items[0].id;
  await page.goto(`${base}/${tenant}/arbeit/statistik/${facility}?year=${year}`);
  await missing(page, 'legal_form_missing').waitFor();
  await page.getByLabel(words('entry.legalForm')).selectOption({ label: words('legalForm.association') });
  await page.getByLabel(words('entry.opens')).fill('07:00');
  await page.getByLabel(words('entry.closes')).fill('16:30');
  await page.getByLabel(words('entry.closingDays')).fill('25');
  await button(page, words('entry.addPerson')).click();
  await page.getByLabel(words('person.area')).selectOption({ label: words('area.group_lead') });
  await page.getByLabel(words('person.sex')).selectOption({ label: words('sex.female') });
  await page.getByLabel(t('places', 'basis.hours')).fill('38,5');
  await page.getByLabel(words('person.birthMonth')).fill('4');
  await page.getByLabel(words('person.birthYear')).fill('1988');
  await button(page, words('entry.save')).click();
  await page.getByText(words('entry.saved')).waitFor();
  await missing(page, 'qualification_missing').waitFor();
  assert.equal(await missing(page, 'legal_form_missing').count(), 0);
  await inspect(page, 'statistics-01-house-desktop');
});

test('the children are entered in one table, and only who changed is written', async () => {
  const { page } = who.desk;
  const { items } = await api(page, `/staff/facilities/${facility}/survey/children?year=${year}`);
  assert.ok(items.length > 0, 'children are there on the key date');
  await page.getByRole('link', { name: words(`children.open_${items.length === 1 ? 'one' : 'other'}`, { count: items.length }) }).click();
  await page.getByRole('heading', { name: new RegExp(words('children.title')), level: 1 }).waitFor();
  const first = page.locator('tbody tr').first();
  await first.locator('select').nth(3).selectOption('no');
  await button(page, words('children.fill.days')).click();
  await button(page, words('entry.save')).click();
  await page.getByText(words('entry.saved')).waitFor();
  await inspect(page, 'statistics-02-children-desktop');
  await page.setViewportSize(phone);
  const group = items.find((child) => child.group_name).group_name;
  await page.getByLabel(words('children.group'), { exact: true }).selectOption({ label: group });
  assert.equal(await page.locator('tbody tr').count(), items.filter((child) => child.group_name === group).length);
  await inspect(page, 'statistics-02-children-phone');
  await page.setViewportSize(desktop);
  const { items: now } = await api(page, `/staff/facilities/${facility}/survey/children?year=${year}`);
  assert.ok(now.every((child) => child.answers.days_per_week === 5));
  assert.equal(now.filter((child) => child.answers.foreign_origin === false).length, 1);
});

test('a childminder enters herself on the phone', async () => {
  const { page } = who.parent;
  await enter(page.request, tenant, 'tagespflege');
  await page.goto(`${base}/${tenant}/arbeit/statistik?year=${year}`);
  await page.getByRole('heading', { name: words('entry.childminder'), exact: true }).waitFor();
  await page.getByLabel(words('person.course')).selectOption({ label: words('course.from300') });
  await page.getByLabel(words('person.place')).selectOption({ label: words('place.own_home') });
  await button(page, words('entry.save')).click();
  await missing(page, 'qualification_missing').waitFor();
  await inspect(page, 'statistics-03-childminder-phone');
});

test('the administration finds what is missing by name, follows it to the form, and the file has the answers', async () => {
  const { page } = who.desk;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/amt/statistik?year=${year}`);
  const { facilities } = await api(page, `/office/statistics?year=${year}`);
  const { name } = facilities.find((one) => one.facility_id === facility);
  const row = page.locator('tbody tr').filter({ has: page.getByRole('link', { name, exact: true }) }).first();
  await inspect(page, 'statistics-04-office-desktop');
  // Many findings are folded.
  const folded = row.locator('summary').first();
  if (await folded.count() > 0) await folded.click();
  await row.getByRole('link', { name: words('missing.qualification_missing'), exact: true }).click();
  await page.getByLabel(words('entry.closingDays')).waitFor();
  assert.ok(page.url().includes(`/amt/statistik/${facility}?year=${year}`), page.url());
  assert.equal(await page.getByLabel(words('entry.closingDays')).inputValue(), '25');
  const csv = await (await page.request.get(`${base}/api/v1/${tenant}/office/statistics/${facility}.csv?year=${year}`)).text();
  assert.ok(csv.includes('eingetragener Verein') && csv.includes('Gruppenleitung') && csv.includes('38,50'), csv.slice(0, 2000));
});
