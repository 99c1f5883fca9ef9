// What pages say when the server cannot answer, when there is nothing, and while they wait: never silence, never a word of a programmer.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { base, desktop, enter, launch, person, phone, settled, t } from './frame.mjs';

const tenant = 'flensburg';
const pages = {
  familie: ['/familie', '/familie/tausch', '/familie/beitraege'],
  leitung: ['/arbeit/kapazitaet', '/arbeit/vorschau'],
  // Of the pages that are one table with the same states only one is looked at.
  verwaltung: ['/amt/gastkinder', '/amt/zugang', '/amt/beitraege', '/amt/statistik', '/verwaltung/erste-schritte'],
};
// What the frame needs to stand; a failure there is another page.
const frame = (url) => /\/api\/v1\/flensburg(\/session)?$/.test(url.pathname);
const problem = { type: 'about:blank', title: 'Internal Server Error', status: 500, code: 'server.error', detail: 'something went wrong on our side', errors: [], request_id: 'abc-123' };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Whoever it is, signed in, in a tab in which the server answers as the test says. */
async function someone(login, viewport, answer) {
  const visit = await person(browser, { viewport });
  await enter(visit.context.request, tenant, login);
  await visit.page.route((url) => url.pathname.startsWith('/api/') && !frame(url), answer);
  return visit;
}

for (const [login, paths] of Object.entries(pages)) {
  test(`${login}: a failure is told with its number and a way to try again`, async () => {
    const { page, context } = await someone(login, phone, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
    for (const path of paths) {
      await page.goto(`${base}/${tenant}${path}`);
      await settled(page);
      const main = await page.locator('main').innerText();
      const where = `${path}:\n${main}`;
      assert.ok(main.includes(t('common', 'problem.load')) || main.includes(t('common', 'problem.loadPart')), `says nothing of the failure: ${where}`);
      assert.ok(main.includes(t('common', 'problem.server')), where);
      assert.ok(main.includes('abc-123'), `without a number to ask about: ${where}`);
      assert.ok(!/something went wrong|undefined|\bNaN\b/.test(main), where);
      assert.ok((await page.getByRole('button', { name: t('common', 'action.retry') }).count()) > 0, `no way to try again: ${where}`);
    }
    // The failures are the test's own, so what the frame noted of them is not asked for.
    await context.close();
  });
}

test('empty lists say what that means', async () => {
  const empty = JSON.stringify({ items: [], next_cursor: null, total: 0, wishers: 0, facilities: [], columns: [], log: [], classes: [] });
  const { page, context } = await someone('verwaltung', phone, (route) => {
    const list = route.request().method() === 'GET' && /\/(guests|swaps|candidates)$/.test(new URL(route.request().url()).pathname);
    return list ? route.fulfill({ contentType: 'application/json', body: empty }) : route.continue();
  });
  for (const path of ['/amt/gastkinder', '/amt/tausch']) {
    await page.goto(`${base}/${tenant}${path}`);
    await settled(page);
    assert.ok((await page.locator('.kp-empty').count()) > 0, `${path} is bare when nothing is there`);
  }
  await context.close();
});

test('while it waits a page keeps its place and says that it loads', async () => {
  const held = [];
  const { page, context } = await someone('verwaltung', desktop, (route) => { held.push(route); });
  for (const path of ['/amt/gastkinder', '/amt/statistik']) {
    await page.goto(`${base}/${tenant}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('main .kp-skeleton, main [aria-busy="true"]').first().waitFor();
  }
  await Promise.all(held.map((route) => route.abort().catch(() => undefined)));
  await context.close();
});

test('an address that does not exist says so in every area', async () => {
  for (const [login, areas] of Object.entries({ leitung: ['arbeit'], verwaltung: ['amt', 'verwaltung'], familie: ['familie'] })) {
    const visit = await person(browser, { viewport: phone });
    await enter(visit.context.request, tenant, login);
    for (const area of areas) {
      await visit.page.goto(`${base}/${tenant}/${area}/gibt-es-nicht`);
      await visit.page.getByRole('heading', { name: t('common', 'notFound.title'), level: 1 }).waitFor();
    }
    await visit.end();
  }
});

test('a session that ends leaves nothing to whoever signs in next in the same tab', async () => {
  const visit = await person(browser, { viewport: phone });
  const { page, context } = visit;
  const street = () => page.getByLabel(t('family', 'data.street'), { exact: true });
  await enter(context.request, tenant, 'familie');
  await page.goto(`${base}/${tenant}/familie/daten`);
  await street().fill('Nur meine Straße');
  await page.reload();
  assert.equal(await street().inputValue(), 'Nur meine Straße', 'the own text is kept in the tab');
  await context.clearCookies();
  await enter(context.request, tenant, 'familie2');
  await page.reload();
  assert.notEqual(await street().inputValue(), 'Nur meine Straße');
  assert.equal(await page.evaluate(() => Object.values({ ...sessionStorage }).filter((text) => text.includes('Nur meine')).length), 0);
  await visit.end();
});

test('signing out without a connection clears the tab and says that the session goes on', async () => {
  const visit = await person(browser, { viewport: desktop });
  const { page, context } = visit;
  await enter(context.request, tenant, 'familie');
  await page.goto(`${base}/${tenant}/familie/daten`);
  await page.getByLabel(t('family', 'data.street'), { exact: true }).fill('Nur meine Straße');
  await page.route((url) => url.pathname.endsWith('/session'), (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
  await page.getByRole('button', { name: t('common', 'nav.signOut') }).click();
  await page.getByRole('dialog').getByText(t('common', 'signOut.failed')).waitFor();
  assert.equal(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('kp-draft')).length), 0);
  await page.unrouteAll();
  await page.getByRole('dialog').getByRole('button', { name: t('common', 'signOut.again') }).click();
  await page.getByRole('link', { name: t('common', 'nav.signIn') }).waitFor();
  // The connection that failed was the test's own.
  await context.close();
});
