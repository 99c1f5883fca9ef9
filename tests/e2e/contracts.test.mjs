// A contract through the pages: sent from the list, signed with a code on the phone, signed for the provider, and ended with notice.
import { test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, date, day, deskAndPhone, desktop, enter, inspect, linkIn, mail, person, phone, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('contracts', key, gaps);
// She accepted an offer; the contract is still a draft.
const login = 'eltern13';
const email = `${login}@${tenant}.example`;

const who = deskAndPhone();
let id;

const test = story(step);

const panel = (page) => page.locator('aside.kp-case');
const press = (where, key) => where.getByRole('button', { name: words(key), exact: true }).click();

test('the family sees the draft and that it is being prepared', async () => {
  const { page } = who.parent;
  await enter(page.request, tenant, login);
  const list = await (await page.request.get(`${base}/api/v1/${tenant}/contracts`)).json();
  id = list.items.find((one) => one.state === 'drafted').id;
  await page.goto(`${base}/${tenant}/vertrag/${id}`);
  await page.getByText(words('stand.drafted')).waitFor();
  await inspect(page, 'contracts-01-draft-phone');
});

test('the facility changes the draft and sends it', async () => {
  const { page } = who.desk;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/vertraege?vertrag=${id}`);
  await panel(page).getByRole('button', { name: words('staff.send') }).waitFor();
  await press(panel(page), 'staff.terms');
  await panel(page).getByLabel(words('staff.weeks')).fill('6');
  await panel(page).getByLabel(words('staff.note')).fill('Eingewöhnung zusammen mit der Oma');
  await inspect(page, 'contracts-02-terms-desktop');
  await panel(page).getByRole('button', { name: t('common', 'action.save') }).click();
  await page.getByText(words('staff.saved')).waitFor();
  await press(panel(page), 'staff.send');
  await page.getByText(words('staff.sent')).waitFor();
});

test('the facility agrees other times on each day, is told what is missing, and sends it', async () => {
  const { page } = who.desk;
  await press(panel(page), 'staff.recall');
  await page.getByText(words('staff.recalled')).waitFor();
  await press(panel(page), 'staff.terms');
  await panel(page).getByLabel(words('staff.week.each')).check();
  const field = (key, name) => panel(page).getByLabel(words(`staff.week.${key}`, { day: name }), { exact: true });
  for (const name of ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag']) {
    await field('fromOf', name).fill('07:30');
    await field('toOf', name).fill('15:00');
  }
  await field('absentOf', 'Mittwoch').check();
  await field('fromOf', 'Freitag').fill('13:00');
  await field('toOf', 'Freitag').fill('07:30');
  await panel(page).getByRole('button', { name: t('common', 'action.save') }).click();
  await panel(page).getByRole('alert').getByText(`${words('staff.week.toOf', { day: 'Freitag' })}: ${t('problems', 'field.before_start')}`).waitFor();
  assert.equal(await field('toOf', 'Freitag').getAttribute('aria-invalid'), 'true');
  await inspect(page, 'contracts-02-week-wrong-desktop');
  await field('fromOf', 'Freitag').fill('07:30');
  await field('toOf', 'Freitag').fill('13:00');
  await panel(page).getByText(words('staff.week.sum_other', { time: '28:00', count: 28 })).waitFor();
  const small = await person(who.browser, { viewport: phone });
  await enter(small.page.request, tenant, 'leitung');
  await small.page.goto(`${base}/${tenant}/arbeit/vertraege?vertrag=${id}`);
  await press(panel(small.page), 'staff.terms');
  await panel(small.page).getByLabel(words('staff.week.each')).check();
  await panel(small.page).getByLabel(words('staff.week.absentOf', { day: 'Dienstag' })).check();
  await inspect(small.page, 'contracts-02-week-phone');
  await small.end();
  await panel(page).getByRole('button', { name: t('common', 'action.save') }).click();
  await page.getByText(words('staff.saved')).waitFor();
  await inspect(page, 'contracts-03-week-desktop');
  await press(panel(page), 'staff.send');
  await page.getByText(words('staff.sent')).waitFor();
});

test('the parent reads, takes the code from the mail, and signs on the phone', async () => {
  const { page } = who.parent;
  const message = await mail(email, /unterschreiben/i);
  await page.goto(linkIn(message));
  await page.getByText(words('stand.yourTurn')).waitFor();
  await page.getByText('Eingewöhnung zusammen mit der Oma').first().waitFor();
  const wednesday = page.getByRole('row', { name: `Mittwoch ${words('facts.absent')}` });
  await wednesday.waitFor();
  await page.getByText('Mo–Di 07:30–15:00 Uhr, Do 07:30–15:00 Uhr, Fr 07:30–13:00 Uhr').first().waitFor();
  await inspect(page, 'contracts-03-week-phone');
  await press(page, 'sign.getCode');
  await page.getByText(words('sign.sent')).waitFor();
  await press(page, 'sign.submit');
  await page.getByRole('alert').getByText(words('sign.needRead')).first().waitFor();
  await inspect(page, 'contracts-04-sign-phone');
  const code = /\b(\d{6})\b/.exec((await mail(email, /Code/)).text)[1];
  await page.getByLabel(words('sign.code')).fill(code);
  await page.getByLabel(words('sign.read')).check();
  await press(page, 'sign.submit');
  await page.getByText(words('sign.done')).waitFor();
  await page.getByText(words('stand.provider')).waitFor();
});

test('the facility signs for the provider, and the contract holds', async () => {
  const { page } = who.desk;
  await page.reload();
  await press(panel(page), 'staff.countersign');
  await page.getByText(words('staff.countersigned')).waitFor();
  await mail(email, /Vertrag geschlossen/);
  await who.parent.page.reload();
  await who.parent.page.getByText(words('stand.made')).waitFor();
  const pdf = await who.parent.page.request.get(`${base}/api/v1/${tenant}/contracts/${id}/draft.pdf`);
  assert.equal(pdf.status(), 200);
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
});

test('the facility finds whose proof against measles is missing, and notes that it was shown', async () => {
  const { page } = who.desk;
  const list = async () => (await (await page.request.get(`${base}/api/v1/${tenant}/contracts?measles_missing=true&limit=200`)).json()).items;
  assert.ok((await list()).some((one) => one.id === id));
  await page.goto(`${base}/${tenant}/arbeit/vertraege?measles_missing=true&vertrag=${id}`);
  await panel(page).getByText(words('measles.missing')).waitFor();
  await inspect(page, 'contracts-05-measles-desktop');
  await press(panel(page), 'measles.note');
  await panel(page).getByText(/^Nachweis gezeigt am .+, gesehen von .+\.$/).waitFor();
  assert.ok((await list()).every((one) => one.id !== id));
  await inspect(page, 'contracts-05-measles-noted-desktop');
});

test('the parent reads what notice does before she gives it', async () => {
  const { page } = who.parent;
  await press(page, 'end.notice');
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^Wenn Sie heute kündigen, /).waitFor();
  await inspect(page, 'contracts-06-notice-phone');
  await press(dialog, 'end.notice');
  await page.getByText(/^Der Vertrag (ist gekündigt|ist beendet|ist nicht zustande gekommen)/).first().waitFor();
  await mail(email, /Vertrag mit .* (endet|kommt nicht zustande)/);
});

test('an administrator writes new words, sees them with made-up data, and publishes them', async () => {
  const admin = await person(who.browser, { viewport: desktop });
  const { page } = admin;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/vertragstexte`);
  await press(page, 'templates.new');
  await page.getByRole('dialog').getByLabel(words('templates.name')).fill('Betreuungsvertrag neu');
  await press(page.getByRole('dialog'), 'templates.create');
  const body = page.getByLabel(words('templates.body'), { exact: true });
  await body.fill('# Betreuung\n\n{{kind}} kommt in die Kita.');
  await press(page, 'templates.save');
  await page.getByText(words('templates.unknown', { name: 'kind' })).first().waitFor();
  await body.fill('# Betreuung\n\n{{child}} kommt am {{care_from}} in die Kita.\n\n- Gummistiefel\n- Hausschuhe');
  await press(page, 'templates.save');
  await page.getByText(words('templates.saved')).waitFor();
  await press(page, 'templates.preview');
  await page.getByText('Lina Beispiel kommt am 1. August 2027 in die Kita.').waitFor();
  await inspect(page, 'contracts-08-template-desktop');
  await press(page, 'templates.publish');
  const dialog = page.getByRole('dialog');
  await date(page, 'valid_from', day(40));
  await press(dialog, 'templates.publish');
  await page.getByText(words('templates.done')).waitFor();
  await page.goto(`${base}/${tenant}/verwaltung/vertragstexte`);
  await page.getByText(words('templates.inForce'), { exact: true }).first().waitFor();
  await inspect(page, 'contracts-10-templates-desktop');
  await admin.end();
});

test('a link to renew that does not hold says so, without signing in', async () => {
  const anybody = await person(who.browser, { viewport: phone });
  await anybody.page.goto(`${base}/${tenant}/weiter#falsch`);
  await anybody.page.getByText(t('renewal', 'gone')).waitFor();
  await inspect(anybody.page, 'contracts-12-renewal-gone-phone');
  await anybody.end();
});

test('the panel fits a phone, and nothing went wrong in the background', async () => {
  const small = await person(who.browser, { viewport: phone });
  await enter(small.page.request, tenant, 'leitung');
  await small.page.goto(`${base}/${tenant}/arbeit/vertraege?vertrag=${id}`);
  await panel(small.page).getByText(words('signatures.title')).waitFor();
  await inspect(small.page, 'contracts-11-panel-phone');
  await small.end();
  await who.parent.end();
  await who.desk.end();
});
