// Parent fees through the pages: a new table, the calculator of everybody, a notice, the family's own page and its mail.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { base, desktop, enter, inspect, launch, linkIn, person, phone, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('fees', key, gaps);
const reliefs = (key, gaps) => t('reliefs', key, gaps);
const notices = (key, gaps) => t('notices', key, gaps);
const brackets = (key, gaps) => t('brackets', key, gaps);
let browser;
let office;
before(async () => {
  browser = await launch();
  office = await person(browser, { viewport: desktop });
});
after(() => browser?.close());

const test = story(step);

test('everybody can work out what a place costs', async () => {
  const visitor = await person(browser, { viewport: phone });
  const { page } = visitor;
  await page.goto(`${base}/${tenant}`);
  await page.getByRole('contentinfo').getByRole('link', { name: words('public.title'), exact: true }).click();
  const result = page.locator('[data-fee]');
  await result.waitFor();
  assert.match(await result.innerText(), /207,52/);
  await page.getByLabel(words('calc.hours'), { exact: true }).selectOption('40');
  await page.getByLabel(words('calc.child'), { exact: true }).selectOption('2');
  assert.match(await result.innerText(), /110,68/);
  await page.getByRole('checkbox', { name: words('calc.lone') }).check();
  assert.match(await result.innerText(), /92,23/);
  await page.getByLabel(words('calc.child'), { exact: true }).selectOption('4');
  assert.equal(await result.innerText(), words('calc.free'));
  await inspect(page, 'fees-01-public-phone');
  await visitor.end();
});

test('the administration writes the table of next year and sees the amounts before it publishes', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'verwaltung');
  await page.goto(`${base}/${tenant}/verwaltung/elternbeitraege`);
  await page.getByRole('button', { name: words('admin.new'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words('admin.name'), { exact: true }).fill('Elternbeiträge danach');
  await dialog.getByRole('button', { name: words('admin.begin'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Elternbeiträge danach' }).waitFor();
  const full = page.getByLabel(words('form.full', { care: words('care.nursery') }));
  await full.fill('viel');
  await page.getByText(words('form.noAmount')).waitFor();
  await full.fill('225,00');
  await page.getByLabel(words('edit.ground')).fill('§ 3 der Beitragssatzung');
  await page.getByRole('button', { name: words('edit.save'), exact: true }).click();
  await page.getByText(words('edit.saved')).waitFor();
  await page.getByRole('cell', { name: '200,00 €' }).first().waitFor();
  await inspect(page, 'fees-02-edit-desktop');
  await page.getByRole('button', { name: words('edit.publish'), exact: true }).click();
  const publish = page.getByRole('dialog');
  const year = new Date().getFullYear() + 3;
  await publish.getByRole('textbox', { name: /Monat/ }).fill('1');
  await publish.getByRole('textbox', { name: /Jahr/ }).fill(String(year));
  await publish.getByRole('button', { name: words('edit.publish'), exact: true }).click();
  await page.getByText(words('edit.published')).waitFor();
  await page.goto(`${base}/${tenant}/verwaltung/elternbeitraege`);
  await page.getByText(words('phase.coming'), { exact: true }).waitFor();
  await inspect(page, 'fees-03-tables-desktop');
});

test('a table by income is entered bracket by bracket', async () => {
  const { page } = office;
  await page.getByRole('button', { name: words('admin.new'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words('admin.name'), { exact: true }).fill('Nach Einkommen');
  await dialog.getByRole('radio', { name: words('admin.empty'), exact: true }).check();
  await dialog.getByRole('button', { name: words('admin.begin'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Nach Einkommen' }).waitFor();
  await page.getByLabel(words('edit.ground')).fill('§ 4 der Beitragssatzung');
  await page.getByRole('radio', { name: new RegExp(words('form.rows')) }).check();
  await page.getByRole('button', { name: brackets('begin', { care: words('care.nursery') }), exact: true }).click();
  await page.getByRole('button', { name: brackets('addBracket'), exact: true }).click();
  for (const [n, hours] of ['20', '30', '40'].entries()) {
    await page.getByLabel(brackets('amountOf', { income: brackets('upTo', { amount: '10000' }), hours }), { exact: true }).fill(`${(n + 1) * 50},00`);
    await page.getByLabel(brackets('amountOf', { income: brackets('above'), hours }), { exact: true }).fill(`${(n + 1) * 90},50`);
  }
  await page.getByRole('button', { name: brackets('addChild'), exact: true }).click();
  await page.getByRole('button', { name: words('edit.save'), exact: true }).click();
  await page.getByText(words('edit.saved')).waitFor();
  await page.getByRole('cell', { name: /270,50/ }).first().waitFor();
  await inspect(page, 'fees-03-brackets-desktop');
});

/** The newest mail about fees, to whomever it went. */
async function newest() {
  for (let n = 0; n < 100; n += 1) {
    const mails = await (await fetch(`${process.env.E2E_INBOX}/mails.json`)).json();
    const found = mails.find((one) => /Elternbeitrag/.test(one.subject));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return assert.fail('no mail about fees');
}

let child;
let file;
test('the office works out what a contract costs, looks at it and issues the notice', async () => {
  const { page } = office;
  await page.goto(`${base}/${tenant}/amt/beitraege?offen=ja`);
  // Most children in care came with a list and get letters; this one's family has an account.
  const waiting = await (await page.request.get(`${base}/api/v1/${tenant}/office/fees?without_notice=true&limit=200`)).json();
  const coming = waiting.items.filter((one) => one.care_from > new Date().toISOString().slice(0, 10)).pop();
  const row = page.getByRole('row').filter({ hasText: words('office.none') }).filter({ hasText: coming.child }).first();
  child = (await row.getByRole('button').first().innerText()).trim();
  await row.getByRole('button').first().click();
  const panel = page.getByRole('complementary').filter({ hasText: child });
  await panel.getByRole('button', { name: words('office.workOut'), exact: true }).click();
  await panel.getByText(words('office.draft')).waitFor();
  await inspect(page, 'fees-04-draft-desktop');
  // Whoever gets housing benefit pays nothing: the draft does not know it yet, and a new one does.
  await panel.getByRole('button', { name: reliefs('begin'), exact: true }).click();
  await panel.getByLabel(reliefs('reasonLabel'), { exact: true }).selectOption('housing_benefit');
  await panel.getByRole('button', { name: reliefs('grant'), exact: true }).click();
  await page.getByText(reliefs('needEvidence')).first().waitFor();
  const seen = new Date(Date.now() - 86_400_000);
  for (const [part, value] of [[/Tag/, seen.getDate()], [/Monat/, seen.getMonth() + 1], [/Jahr/, seen.getFullYear()]]) {
    await panel.getByRole('group', { name: new RegExp(reliefs('evidence')) }).getByRole('textbox', { name: part }).fill(String(value));
  }
  await panel.getByRole('button', { name: reliefs('grant'), exact: true }).click();
  await panel.getByText(reliefs('waived')).first().waitFor();
  await panel.getByRole('button', { name: words('office.discard'), exact: true }).click();
  await panel.getByRole('button', { name: words('office.workOut'), exact: true }).click();
  await panel.getByText(words('office.draft')).waitFor();
  await inspect(page, 'fees-04-relief-desktop');
  // From here it goes the way of all notices: who worked it out does not approve it.
  await panel.getByRole('link', { name: words('office.toNotice'), exact: true }).click();
  await page.getByText(notices('fourEyes')).waitFor();
  file = /EB-\d{4}-\d{5}/.exec(await page.locator('main').innerText())[0];
  await inspect(page, 'fees-04-notice-desktop');
  const second = await person(browser, { viewport: desktop });
  await enter(second.page.request, tenant, 'amt');
  await second.page.goto(page.url());
  await second.page.getByRole('button', { name: notices('act.approve'), exact: true }).click();
  await second.page.getByRole('button', { name: notices('act.issue'), exact: true }).click();
  const posting = second.page.getByRole('dialog');
  await posting.getByRole('button', { name: notices('step.issue.send'), exact: true }).click();
  await second.page.getByText(notices('state.issued'), { exact: true }).first().waitFor();
  await second.page.goto(`${base}/${tenant}/amt/bescheide?kind=fee&q=${file}`);
  await second.page.getByText(file, { exact: true }).first().waitFor();
  await inspect(second.page, 'fees-05-register-desktop');
  await second.end();
  await page.goto(`${base}/${tenant}/amt/beitraege`);
  await page.getByText(/\d Forderung(en)?, zusammen/).waitFor();
  await inspect(page, 'fees-05-office-desktop');
});

test('the family is told by mail and reads what it pays', async () => {
  const told = await newest();
  const family = await person(browser, { viewport: phone });
  const { page } = family;
  await enter(page.request, tenant, told.to.split('@')[0]);
  await page.goto(linkIn(told));
  await page.getByRole('heading', { level: 1, name: words('mine.title') }).waitFor();
  await page.getByText(new RegExp(`Aktenzeichen ${file}`)).first().waitFor();
  await page.getByText(/Widerspruch möglich bis/).first().waitFor();
  const paper = await page.request.get(await page.getByRole('link', { name: words('mine.pdf') }).first().getAttribute('href').then((href) => new URL(href, base).href));
  assert.equal(paper.headers()['content-type'], 'application/pdf');
  await inspect(page, 'fees-06-family-phone');
  await family.end();
});

test('the office drafts a notice on the licence of a childminder', async () => {
  const { page } = office;
  await page.goto(`${base}/${tenant}/amt/bescheide`);
  await page.getByRole('button', { name: notices('licence.begin'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: notices('kind.licence_refusal'), exact: true }).check();
  const who = dialog.getByLabel(notices('licence.who'), { exact: true });
  await who.locator('option').nth(1).waitFor({ state: 'attached' });
  await who.selectOption({ index: 1 });
  await inspect(page, 'fees-07-licence-desktop');
  await dialog.getByRole('button', { name: notices('draft.send'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: new RegExp(notices('kind.licence_refusal')) }).waitFor();
  await inspect(page, 'fees-08-licence-notice-desktop');
});
