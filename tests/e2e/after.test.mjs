// After the place is given: a change of a contract signed by both sides and follow-up care by one click.
import { test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, button, day, deskAndPhone, desktop, enter, inspect, linkIn, mail, person, phone, picture, settled, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('amendments', key, gaps);
const contracts = (key, gaps) => t('contracts', key, gaps);
const care = (key, gaps) => t('aftercare', key, gaps);
// The demo has made a contract for this family; its place ends with the third birthday.
const login = 'eltern12';
const email = `${login}@${tenant}.example`;

const who = deskAndPhone();
let id;

const test = story(step);
const api = (path) => `${base}/api/v1/${tenant}${path}`;
const panel = (page) => page.locator('aside.kp-case');

test('the facility drafts a change of an agreed contract and sends it', async () => {
  await enter(who.parent.page.request, tenant, login);
  const list = await (await who.parent.page.request.get(api('/contracts'))).json();
  id = list.items.find((one) => one.state === 'signed_by_provider').id;
  const { page } = who.desk;
  await enter(page.request, tenant, 'leitung');
  await page.goto(`${base}/${tenant}/arbeit/vertraege?vertrag=${id}`);
  await button(panel(page), words('staff.begin')).click();
  await panel(page).getByLabel(contracts('staff.hours')).fill('20');
  await panel(page).getByLabel(contracts('staff.windowTo')).fill('12:30');
  // Each day begins with what was typed for all; four days of five hours are left.
  await panel(page).getByLabel(contracts('staff.week.each')).check();
  await panel(page).getByLabel(contracts('staff.week.absentOf', { day: 'Mittwoch' })).check();
  await panel(page).getByText(contracts('staff.week.sum_other', { time: '20:00', count: 20 })).waitFor();
  await panel(page).getByLabel(contracts('staff.note')).fill('ohne Mittagessen');
  await button(panel(page), t('common', 'action.save')).click();
  await page.getByText(words('staff.saved')).waitFor();
  await inspect(page, 'after-01-change-desktop');
  await button(panel(page), words('staff.send')).click();
  await page.getByText(words('staff.sent')).waitFor();
});

test('the parent sees before and after side by side, and signs with the code of the mail', async () => {
  const { page } = who.parent;
  await page.goto(linkIn(await mail(email, /Änderung des Vertrags/)));
  await page.getByText(words('yourTurnText')).waitFor();
  await page.getByRole('rowheader', { name: contracts('facts.hours') }).waitFor();
  const wednesday = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Mittwoch' }) });
  await wednesday.getByText(contracts('facts.absent')).waitFor();
  await button(page, contracts('sign.getCode')).click();
  await page.getByText(contracts('sign.sent')).waitFor();
  await inspect(page, 'after-02-change-phone');
  const code = /\b(\d{6})\b/.exec((await mail(email, /Code/)).text)[1];
  await page.getByLabel(contracts('sign.code')).fill(code);
  await page.getByLabel(words('sign.read')).check();
  await button(page, words('sign.submit')).click();
  await page.getByText(words('state.signed_by_guardians')).waitFor();
});

test('with the signature of the provider it is agreed, and stands as a document', async () => {
  const { page } = who.desk;
  await page.reload();
  await button(panel(page), contracts('staff.countersign')).click();
  await page.getByText(words('staff.countersigned')).waitFor();
  await mail(email, /Vertrag geändert/);
  await who.parent.page.reload();
  await who.parent.page.getByText(words('state.signed_by_provider'), { exact: true }).waitFor();
  await settled(who.parent.page);
  await picture(who.parent.page, 'after-03-agreed-phone');
  const pdf = await who.parent.page.request.get(api(`/contracts/${id}/amendment.pdf?number=1`));
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
});

test('before the place ends with the third birthday the family is asked, and one click registers the child', async () => {
  const anybody = await person(who.browser, { viewport: phone });
  const { page } = anybody;
  await page.goto(linkIn(await mail(email, /Wie geht es weiter/)));
  await page.getByText(care('prepared')).waitFor();
  await inspect(page, 'after-04-followup-phone');
  await button(page, care('yes')).click();
  await page.getByText(care('sent')).waitFor();
  await page.reload();
  await page.getByText(care('was.confirmed')).waitFor();
  await anybody.end();
});

test('the office sees who was asked and what was answered', async () => {
  const clerk = await person(who.browser, { viewport: desktop });
  const { page } = clerk;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/anschluss`);
  await page.locator('tbody').getByText(care('office.states.confirmed'), { exact: true }).first().waitFor();
  await inspect(page, 'after-05-office-desktop');
  await page.getByRole('cell', { name: care('kind.kindergarten') }).first().waitFor();
  await page.locator('a[href*="/amt/kinder/"]').first().click();
  await button(page, care('school.change')).click();
  await page.getByLabel(care('school.note')).fill('Bescheid der Grundschule am See');
  await inspect(page, 'after-09-school-desktop');
  // By the keyboard, as somebody does who has just written.
  await page.getByLabel(care('school.note')).press('Enter');
  await page.getByText(care('school.recorded')).waitFor();
  await clerk.end();
  // The next file begins as this one did.
  const list = await (await who.parent.page.request.get(api('/demands'))).json();
  const open = list.items.find((one) => !one.transfer && one.state === 'confirmed');
  const headers = { 'sec-fetch-site': 'same-origin', origin: base, 'if-match': `"${open.version}"` };
  const gone = await who.parent.page.request.post(api(`/demands/${open.id}/withdraw`), { data: {}, headers });
  assert.ok(gone.ok(), await gone.text());
  await who.parent.end();
  await who.desk.end();
});

test('the administrator sets the periods', async () => {
  const admin = await person(who.browser, { viewport: desktop });
  const { page } = admin;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/anschluss`);
  const field = page.getByLabel(care('settings.field.followup_months_ahead'));
  await field.fill('99');
  await button(page, t('admin', 'group.save')).click();
  await page.getByText(t('problems', 'field.out_of_range')).first().waitFor();
  await field.fill('12');
  // What statutes of providers say: to the quarter, and not in the last months.
  await page.getByLabel(contracts('templates.noticeTos.quarter')).check();
  await page.getByLabel(care('settings.field.contract_notice_not_last_months')).fill('3');
  await inspect(page, 'after-08-settings-desktop');
  await button(page, t('admin', 'group.save')).click();
  await page.getByText(t('admin', 'group.saved')).waitFor();
  await admin.end();
});

test('another key day of school entry shows first which contracts it touches, and leaves a list to draft changes from', async () => {
  const admin = await person(who.browser, { viewport: desktop });
  const { page } = admin;
  const rule = (key, gaps) => care(`rule.${key}`, gaps);
  await enter(page.request, tenant, 'verwaltung');
  const keyDay = page.getByRole('group', { name: care('settings.field.school_key_day') });
  const set = async (number, month) => {
    await page.goto(`${base}/${tenant}/verwaltung/anschluss`);
    await keyDay.getByLabel(t('common', 'form.day')).fill(number);
    await keyDay.getByLabel(t('common', 'form.month')).fill(month);
  };
  await set('28', '2');
  await page.getByRole('table', { name: rule('preview.caption') }).getByRole('row').nth(1).waitFor();
  await inspect(page, 'after-11-rule-preview-desktop');
  const before = await (await page.request.get(api('/admin/settings/school-rule?school_key_day=02-28&kita_year_start=08-01'))).json();
  assert.ok(before.total > 0 && before.children <= before.total);
  await button(page, t('admin', 'group.save')).click();
  await page.getByText(t('admin', 'group.saved')).waitFor();
  // The list is the office's; of one facility a draft is made and let be again.
  const leader = await person(who.browser, { viewport: desktop });
  await enter(leader.page.request, tenant, 'leitung');
  const own = (await (await leader.page.request.get(api('/staff/facilities'))).json()).items[0].id;
  await page.goto(`${base}/${tenant}/amt/schulbeginn`);
  await page.locator('tbody tr').first().waitFor();
  await inspect(page, 'after-12-rule-list-desktop');
  const list = await (await page.request.get(api('/office/contracts/school-rule?limit=200'))).json();
  assert.equal(list.total, before.total);
  const one = list.items.find((row) => row.facility_id === own && !row.hindrance) ?? list.items.find((row) => !row.hindrance);
  while (!(await page.locator(`tbody a[href$="/amt/kinder/${one.child_id}"]`).count())) await button(page, t('common', 'action.loadMore')).click();
  const row = page.locator('tbody tr', { has: page.locator(`a[href$="/amt/kinder/${one.child_id}"]`) });
  await row.getByRole('checkbox').check();
  await button(page, rule('draft_one', { count: 1 })).click();
  await page.getByText(/(Änderung ist|Änderungen sind) entworfen/).waitFor();
  await settled(page);
  await inspect(page, 'after-13-rule-drafted-desktop');
  const contract = await leader.page.request.get(api(`/contracts/${one.contract_id}`));
  if (contract.ok()) {
    const { version, amendments } = await contract.json();
    if (amendments.at(-1)?.state === 'drafted') {
      const headers = { 'sec-fetch-site': 'same-origin', origin: base, 'if-match': `"${version}"` };
      const gone = await leader.page.request.post(api(`/staff/contracts/${one.contract_id}/amendment/withdraw`), { data: {}, headers });
      assert.ok(gone.ok(), await gone.text());
    }
  }
  await leader.end();
  // The files after this one count by the state's key day.
  await set('', '');
  await button(page, t('admin', 'group.save')).click();
  await page.getByText(t('admin', 'group.saved')).waitFor();
  await page.goto(`${base}/${tenant}/amt/schulbeginn`);
  await page.getByText(rule('empty')).waitFor();
  await admin.end();
});
