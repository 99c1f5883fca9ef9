// Nobody registers twice: a paper family comes in by the code of its letter, families of another system by an import; statistics, export.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { base, button, desktop, enter, inspect, launch, linkIn, mail, password, person, phone, settled, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('claims', key, gaps);
const email = `code-${Date.now()}@${tenant}.example`;
let browser;
let office;
let parent;
let code;
let facilities;
before(async () => {
  browser = await launch();
  office = await person(browser, { viewport: desktop });
  parent = await person(browser, { viewport: phone });
});
after(() => browser?.close());

const test = story(step);
const api = `${base}/api/v1/${tenant}`;

/** A request of whoever is signed in on that page. */
async function send(page, path, data) {
  const headers = { 'sec-fetch-site': 'same-origin', 'idempotency-key': `e2e-${Date.now()}-${Math.random()}`.slice(0, 40) };
  const answer = await page.request.post(`${api}${path}`, { headers, data });
  assert.ok(answer.ok(), await answer.text());
  return answer.json();
}

test('the office issues a code for a family that came on paper', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'amt');
  const found = await (await page.request.get(`${api}/facilities?limit=20`)).json();
  facilities = found.items.filter((one) => one.kind !== 'childminder');
  const made = await send(page, '/office/demands', {
    guardian: { first_name: 'Svenja', last_name: 'Petersen', email: null, phone: '0461 123456', language: 'de' },
    household: { street: 'Hafendamm', house_number: '12', postal_code: '24937', city: 'Flensburg', address_protected: false },
    child: { first_name: 'Fiete', last_name: null, sex: null, birth_date: `${new Date().getFullYear() - 1}-03-14`, expected_birth_date: null },
    demand: { care_type: 'nursery', desired_start: `${new Date().getFullYear() + 1}-09-01`, latest_start: null, hours_per_week: 40,
      window_from: '07:30', window_to: '16:00', legal_claim: true, facts: [] },
    facility_ids: [facilities[0].id],
    received_at: new Date(Date.now() - 3 * 86_400_000).toISOString(),
  });
  await page.goto(`${base}/${tenant}/amt/bedarfe/${made.id}`);
  // Before it has an account, the office enters what it says on the telephone.
  const told = (key, gaps) => t('told', key, gaps);
  await button(page, told('act')).click();
  const asked = page.getByRole('dialog');
  await asked.getByLabel(told('demand.still_needed'), { exact: true }).check();
  await asked.getByLabel(told('way.phone'), { exact: true }).check();
  await inspect(page, 'claims-00-told-desktop');
  await button(page, told('save')).click();
  await page.getByText(told('done', { child: 'Fiete P.' })).waitFor();
  await page.getByText(t('history', 'told.said.still_needed')).waitFor();
  await button(page, words('office.issue')).click();
  await page.getByText(words('office.issued')).waitFor();
  await inspect(page, 'claims-01-office-desktop');
  const letters = await (await page.request.get(`${api}/office/letters`)).json();
  const letter = letters.items.find((one) => one.kind === 'claim_code' && one.reference_code === made.reference_code);
  const pdf = await (await page.request.get(`${api}/office/letters/${letter.id}.pdf`)).body();
  code = /[A-Z0-9]{4}(-[A-Z0-9]{4}){3}/.exec(execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' }))[0];
});

test('the parent registers and takes the demand over with the code', async () => {
  const { page } = parent;
  const account = (key, gaps) => t('account', key, gaps);
  await page.goto(`${base}/${tenant}/code`);
  await page.getByText(words('first')).waitFor();
  await page.getByRole('link', { name: words('register'), exact: true }).click();
  await page.getByLabel(account('field.email')).fill(email);
  await page.getByLabel(account('field.password'), { exact: true }).fill(password);
  await button(page, account('register.submit')).click();
  await page.goto(linkIn(await mail(email, /./)));
  await button(page, account('confirm.submit')).click();
  await page.getByRole('link', { name: t('family', 'claim.open'), exact: true }).click();
  const field = page.getByLabel(words('code'), { exact: true });
  await field.fill('CKFH-7N3W-PQRT-4699');
  await button(page, words('submit')).click();
  await page.getByRole('alert').getByText(words('wrong')).waitFor();
  await inspect(page, 'claims-02-wrong-phone');
  await field.fill(code.toLowerCase().replaceAll('-', ' '));
  await button(page, words('submit')).click();
  await page.getByText(words('done')).waitFor();
  await inspect(page, 'claims-03-done-phone');
  await page.getByRole('link', { name: words('toFamily'), exact: true }).click();
  await page.getByText(/Fiete/).first().waitFor();
});

test('families of another system are tried, imported and get their codes', async () => {
  const { page } = office;
  const imports = (key, gaps) => t('imports', key, gaps);
  const admin = await person(browser, { viewport: desktop });
  await enter(admin.page.request, tenant, 'verwaltung');
  const template = await (await admin.page.request.get(`${api}/admin/imports/families/template.csv`)).text();
  const list = template.replaceAll('Kita Ahorn', facilities[0].name).replaceAll('Kita Birke', facilities[1].name)
    .replaceAll('Braun', 'Thomsen').replace('Noah', 'Momme');
  const upload = (text) => admin.page.getByLabel(imports('file'), { exact: true }).setInputFiles({ name: 'familien.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await admin.page.goto(`${base}/${tenant}/verwaltung/familien-import`);
  await upload(list.replace('Kindergarten', 'Raumschiff'));
  await button(admin.page, imports('try')).click();
  await admin.page.getByText(imports('bad_one')).waitFor();
  await inspect(admin.page, 'claims-04-import-faults-desktop');
  await upload(list);
  await button(admin.page, imports('try')).click();
  await admin.page.getByText(imports('good')).waitFor();
  await button(admin.page, imports('run_other', { count: '2' })).click();
  await admin.page.getByText(imports('done_other', { count: '2' })).waitFor();
  await admin.page.getByRole('link', { name: imports('toCodes'), exact: true }).click();
  await settled(admin.page);
  await button(admin.page, words('page.create')).click();
  await admin.page.getByText(words('page.allInFiles')).waitFor();
  const download = admin.page.waitForEvent('download');
  await admin.page.getByRole('button', { name: words('page.download') }).first().click();
  const letters = execFileSync('pdftotext', ['-layout', await (await download).path(), '-'], { encoding: 'utf8' });
  assert.match(letters, /[A-Z0-9]{4}(-[A-Z0-9]{4}){3}/);
  await admin.page.getByText(words('page.ready')).waitFor();
  await inspect(admin.page, 'claims-05-codes-desktop');
  await admin.page.goto(`${base}/${tenant}/verwaltung/export`);
  await admin.page.getByLabel(t('exports', 'code'), { exact: true }).fill('123456');
  await button(admin.page, t('exports', 'submit')).click();
  await admin.page.getByRole('link', { name: t('exports', 'toAccount'), exact: true }).waitFor();
  await inspect(admin.page, 'claims-06-export-desktop');
  await admin.end();
  await page.goto(`${base}/${tenant}/amt/zugang`);
  await settled(page);
});

test('the statistics of 1 March say what is missing, and the files come down', async () => {
  const { page } = office;
  const statistics = (key, gaps) => t('statistics', key, gaps);
  await page.goto(`${base}/${tenant}/amt/statistik`);
  await page.getByRole('heading', { name: statistics('held'), exact: true }).waitFor();
  await inspect(page, 'claims-07-statistics-desktop');
  const year = new Date().getFullYear();
  const zip = await page.request.get(`${api}/office/statistics/files.zip?year=${year}`);
  assert.equal((await zip.body()).subarray(0, 2).toString(), 'PK');
});

test('nothing went wrong in the background', async () => {
  await parent.end();
  await office.end();
});
