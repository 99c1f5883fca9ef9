// A mother gives a mandate, a counsellor acts in her name, and she ends it with one click; the office has one on paper.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, button, desktop, enter, inspect, launch, linkIn, mail, person, phone, settled, signIn, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('mandates', key, gaps);
const step = story(test);
let browser, mother, counsellor;

before(async () => {
  browser = await launch();
  mother = await person(browser, { viewport: phone });
  counsellor = await person(browser, { viewport: phone });
});
after(() => browser?.close());

step('the mother gives a mandate for one child, and wrong entries are told', async () => {
  const { page } = mother;
  await enter(page.request, tenant, 'familie2');
  await page.goto(`${base}/${tenant}/familie`);
  await page.getByRole('link', { name: words('title') }).click();
  await page.getByText(words('none')).waitFor();
  await button(page, words('give')).click();
  await page.getByText(words('needScope')).first().waitFor();
  await page.getByLabel(words('name')).fill('Beratungsstelle Mitte, Frau Ay');
  await page.getByLabel(words('email')).fill(`beratung@${tenant}.example`);
  await page.getByRole('radio', { name: words('act') }).check();
  const child = page.getByRole('group', { name: words('forChildren') }).getByRole('checkbox').first();
  await child.check();
  await inspect(page, 'mandates-01-give-phone');
  await button(page, words('give')).click();
  await page.getByText(words('state.offered'), { exact: true }).waitFor();
  assert.ok(linkIn(await mail(`beratung@${tenant}.example`, /Vollmacht/)).endsWith('/vollmachten'));
});

step('the counsellor takes it on and acts, and every page says so', async () => {
  const { page } = counsellor;
  await signIn(page, tenant, 'beratung');
  await page.waitForURL((url) => url.pathname.endsWith('/vollmachten'));
  const offered = page.getByRole('listitem').filter({ has: button(page, words('mine.accept')) }).first();
  await offered.getByRole('button', { name: words('mine.accept') }).click();
  await offered.waitFor({ state: 'detached' });
  await inspect(page, 'mandates-02-mine-phone');
  await button(page, words('mine.act')).first().click();
  await page.waitForURL((url) => url.pathname.endsWith('/familie'));
  await page.getByText(/Sie handeln im Namen von/).waitFor();
  await settled(page);
  assert.equal(await page.getByText(t('common', 'problem.loadPart'), { exact: true }).count(), 0, 'nothing is asked for that the mandate does not allow');
  await inspect(page, 'mandates-03-acting-phone');
  await page.getByRole('link', { name: t('family', 'card.openRunning') }).or(page.getByRole('link', { name: t('family', 'card.open') })).first().click();
  await page.getByText(/Sie handeln im Namen von/).waitFor();
});

step('the mother sees what was looked at and by whom, and ends it with one click', async () => {
  const { page } = mother;
  await page.goto(`${base}/${tenant}/familie`);
  await page.getByRole('link', { name: t('family', 'card.child') }).first().click();
  await page.getByRole('link', { name: t('privacy', 'access.link') }).click();
  await page.getByText(/Beratungsstelle Mitte, Frau Ay/).first().waitFor();
  await inspect(page, 'mandates-04-access-phone');
  await page.goto(`${base}/${tenant}/familie/vollmachten`);
  await button(page, words('end')).click();
  await page.getByText(words('state.ended'), { exact: true }).waitFor();
});

step('the counsellor is refused from the next request on and goes back to herself', async () => {
  const { page } = counsellor;
  await page.goto(`${base}/${tenant}/familie`);
  await page.getByText(/gilt nicht mehr/).first().waitFor();
  await button(page, t('common', 'acting.stop')).click();
  await page.waitForURL((url) => url.pathname.endsWith('/vollmachten'));
  await page.getByText(words('state.ended'), { exact: true }).first().waitFor();
});

step('the office records a mandate on paper and ends it', async () => {
  const clerk = await person(browser, { viewport: desktop });
  const { page } = clerk;
  await enter(page.request, tenant, 'amt');
  const list = await (await page.request.get(`${base}/api/v1/${tenant}/office/demands?state=confirmed`)).json();
  await page.goto(`${base}/${tenant}/amt/bedarfe/${list.items[0].id}`);
  await button(page, words('office.add')).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: words('office.save') }).click();
  await dialog.getByText(words('needGuardian')).first().waitFor();
  await dialog.getByLabel(words('guardian')).selectOption({ index: 1 });
  await dialog.getByLabel(words('name')).fill('Tante Rosa');
  await dialog.getByLabel(words('email')).fill('rosa@example.org');
  await dialog.getByRole('radio', { name: words('look') }).check();
  await dialog.getByRole('button', { name: words('office.save') }).click();
  await page.getByText(words('office.added', { name: 'Tante Rosa' })).waitFor();
  await inspect(page, 'mandates-05-office-desktop');
  await button(page, words('end')).first().click();
  await page.getByText(words('office.ended', { name: 'Tante Rosa' })).waitFor();
  await clerk.end();
});

step('nothing went wrong in the background', async () => {
  await counsellor.end();
  await mother.end();
});
