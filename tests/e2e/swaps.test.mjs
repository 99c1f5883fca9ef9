// Two families who each would rather have the other's place: the office proposes, all four sides say yes, and the contracts change together.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { base, button, desktop, enter, inspect, launch, linkIn, mail, own, password, person, phone, settled, story, t } from './frame.mjs';

const tenant = 'flensburg';
const words = (key, gaps) => t('swaps', key, gaps);
const api = (path) => `${base}/api/v1/${tenant}${path}`;
let browser;
let office;
let moves;
const families = [];
before(async () => {
  browser = await launch();
  office = await person(browser, { viewport: desktop });
});
after(() => browser?.close());

const test = story(step);

async function get(page, path) {
  const answer = await page.request.get(api(path));
  assert.ok(answer.ok(), `${path}: ${await answer.text()}`);
  return answer.json();
}

let count = 0;
async function post(page, path, data) {
  count += 1;
  const answer = await page.request.post(api(path), { data, headers: { ...own, 'idempotency-key': `swap-${Date.now()}-${count}` } });
  assert.ok(answer.ok(), `${path}: ${await answer.text()}`);
  return answer;
}

/** A family that came with the list of another program, with an account since it has entered the code of its letter. */
async function withAccount(child) {
  const { page } = office;
  const [demand] = (await get(page, `/office/children/${child}/file`)).demands;
  await post(page, `/office/demands/${demand.id}/claim-codes`, {});
  const letter = (await get(page, '/office/letters?limit=100')).items.find((one) => one.kind === 'claim_code' && one.reference_code === demand.reference_code);
  const pdf = await (await page.request.get(api(`/office/letters/${letter.id}.pdf`))).body();
  const [code] = /[A-Z0-9]{4}(-[A-Z0-9]{4}){3}/.exec(execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' }));
  const visit = await person(browser, { viewport: phone });
  const email = `tausch-${families.length}@${tenant}.example`;
  await post(visit.page, '/registrations', { email, password, language: 'de' });
  const token = new URL(linkIn(await mail(email, /./))).hash.slice(1).replace(/^token=/, '');
  await post(visit.page, '/registrations/confirm', { token });
  await post(visit.page, '/family/claim', { code });
  return { ...visit, email };
}

test('the office finds who could change places, and proposes it', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'amt');
  [{ moves }] = (await get(page, '/office/swaps/candidates')).items;
  assert.equal(moves.length, 2);
  for (const move of moves) families.push(await withAccount(move.child_id));
  await page.goto(`${base}/${tenant}/amt/tausch`);
  const children = moves.map((move) => move.child).join(', ');
  await button(page, words('office.proposeFor', { children })).click();
  await page.getByRole('dialog').getByRole('button', { name: words('office.propose'), exact: true }).click();
  await page.getByText(words('office.proposed'), { exact: true }).waitFor();
  await inspect(page, 'swaps-01-office-desktop');
});

test('each family reads on the phone what would change, and says yes', async () => {
  for (const [n, { page, email }] of families.entries()) {
    await page.goto(linkIn(await mail(email, /Platztausch möglich/)));
    const yes = button(page, words('yesFor', { child: moves[n].child }));
    await yes.waitFor();
    await page.getByText(moves[n].to_facility).first().waitFor();
    // Nobody learns of the other child.
    assert.equal(await page.getByText(moves[1 - n].child).count(), 0);
    if (n === 0) await inspect(page, 'swaps-02-family-phone');
    await yes.click();
    await page.getByText(words('doneYes')).waitFor();
    await page.getByText(words('saidYes')).waitFor();
  }
});

test('the facilities say yes, and with the last yes all is changed', async () => {
  const leader = await person(browser, { viewport: desktop });
  const { page } = leader;
  await enter(page.request, tenant, 'traeger');
  await page.goto(`${base}/${tenant}/arbeit/tausch`);
  await button(page, words('yesFor', { child: moves[0].child })).waitFor();
  await inspect(page, 'swaps-03-facility-desktop');
  for (const move of moves) {
    await button(page, words('yesFor', { child: move.child })).click();
    await button(page, words('yesFor', { child: move.child })).waitFor({ state: 'detached' });
  }
  // A job carries it out at once; the page is asked again as somebody would.
  const until = Date.now() + 30_000;
  while ((await get(office.page, '/office/swaps')).items[0].state !== 'done' && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 200));
  await office.page.reload();
  await office.page.getByText(words('state.done'), { exact: true }).waitFor();
  await settled(office.page);
  for (const [n, move] of moves.entries()) {
    const contracts = (await get(families[n].page, '/contracts')).items.map((one) => one.facility_name ?? one.facility?.name);
    assert.ok(contracts.includes(move.to_facility), `${contracts} has no ${move.to_facility}`);
  }
  await leader.end();
});

test('nothing went wrong in the background', async () => {
  for (const family of families) await family.end();
  await office.end();
});
