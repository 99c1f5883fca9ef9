// The frame of the browser tests: a browser, pages that watch themselves, the mails, and the pictures.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import axe from 'axe-core';

/** Address of the running stand, from run.sh. */
export const base = needed('E2E_BASE');
const inbox = needed('E2E_INBOX');
// Pictures are taken for whoever asks for them, else only of what fails.
const wanted = process.env.E2E_SCREENSHOTS;
const pictures = wanted || fileURLToPath(new URL('./out/', import.meta.url));

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 900 };

/**
 * Lets the day of a round's draw come. It lies behind the day of the freeze, and no test waits until tomorrow.
 */
export function drawComes(round) {
  const sql = `UPDATE app.allocation_round SET config = jsonb_set(config, '{draw_on}', to_jsonb('${day(0)}'::text)) WHERE name = '${round}'`;
  execFileSync(needed('E2E_PSQL'), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', needed('E2E_DATABASE'), '-c', sql]);
}

/** Waits until the server has done what was due, where a test compares figures that it would change in between. */
export async function jobsDone() {
  const due = "SELECT count(*) FROM app.job WHERE state IN ('waiting', 'running') AND run_at <= now()";
  const until = Date.now() + 60_000;
  while (execFileSync(needed('E2E_PSQL'), ['-X', '-A', '-t', '-d', needed('E2E_DATABASE'), '-c', due], { encoding: 'utf8' }).trim() !== '0') {
    assert.ok(Date.now() < until, 'jobs are still due');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run tests/e2e/run.sh`);
  return value;
}

function chromePath() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  // The one without windows first: it does the same for half the work.
  for (const name of ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    try {
      return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // The next name.
    }
  }
  throw new Error('no Chromium found; deploy/prepare.sh test installs it, or name it in CHROME_PATH');
}

/** A browser for a test file; close it in `after`. */
export function launch() {
  // Chromium's own sandbox refuses to run as root; the pages are our own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: chromePath(), args });
}

/**
 * A page of a person of her own (own cookies). It notes errors, answers 5xx and requests to anywhere else;
 * `visit.end()` fails the test when there were any.
 */
export async function person(browser, { viewport = desktop, language = 'de-DE', ...options } = {}) {
  const context = await browser.newContext({
    viewport,
    locale: language,
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    hasTouch: viewport.width < 600,
    isMobile: viewport.width < 600,
    ...options,
  });
  const page = await context.newPage();
  // A machine that compiles beside the tests is slow; a person would wait as well.
  page.setDefaultTimeout(30_000);
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error in the page: ${error.stack ?? error}`));
  page.on('console', (message) => {
    // A refused sign-in or a missing thing is an answer the page shows, not a fault; the browser logs it all the same.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 500) faults.push(`${answer.status()} ${answer.request().method()} ${answer.url()}`);
  });
  const requests = new Set();
  waiting.set(page, requests);
  page.on('requestfinished', (request) => requests.delete(request));
  page.on('requestfailed', (request) => requests.delete(request));
  page.on('request', (request) => {
    requests.add(request);
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== new URL(base).origin) faults.push(`request to ${url.origin}`);
  });
  return {
    page,
    context,
    async end() {
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
}

/** Fails with a readable list when axe finds anything that WCAG 2.2 AA forbids. */
export async function accessible(page, name) {
  const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  // No page has frames, so one run in the page itself sees all; told is only what is wrong, because writing down all that is right takes longer.
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), { runOnly: { type: 'tag', values }, resultTypes: ['violations'] });
  const lines = violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(' ')} – ${node.failureSummary}`));
  assert.deepEqual(lines, [], `axe on ${name}`);
}

/** Nothing sticks out to the right: a page that scrolls sideways is unusable on a phone. */
export async function fits(page, name) {
  const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= view, `${name} is ${wide} px wide in a view of ${view} px`);
}

/** Takes a picture of the page as it stands, when pictures are asked for. */
export async function picture(page, name, options = {}) {
  if (wanted) await shoot(page, name, options);
}

async function shoot(page, name, options = {}) {
  mkdirSync(pictures, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true, ...options });
}

/** What each page still waits for from the server. */
const waiting = new WeakMap();

/**
 * A page is there when its heading is, nothing says that it is still loading or at work, and it waits for nothing from the server. That must stay so
 * for a moment; where the browser does not tell the end of a request, a quarter of a second is enough.
 */
export async function settled(page) {
  const requests = waiting.get(page);
  const until = Date.now() + 30_000;
  let there = null;
  let still = null;
  while (Date.now() < until) {
    const shown = await page.evaluate(() => Boolean(document.querySelector('h1')) && !document.querySelector('[aria-busy="true"], .kp-skeleton, .kp-btn__busy')).catch(() => false);
    const now = Date.now();
    there = shown ? there ?? now : null;
    // An answer that has just come is not on the page yet: the moment counts from the last of them.
    still = shown && requests?.size === 0 ? still ?? now : null;
    if ((still && now - still >= 80) || (there && now - there >= 250)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${page.url()} is still loading`);
}

/**
 * Looks at a page in full: picture, width, axe. In its own width, and as the other of phone and desk shows it, unless a test of this run has
 * looked at the same page in both already; `name` may end in its width.
 */
export async function inspect(page, name) {
  const own = page.viewportSize();
  const stem = name.replace(/-(phone|desktop)$/, '');
  const sizes = own.width === phone.width ? ['desktop', 'phone'] : ['phone', 'desktop'];
  for (const size of hasBeenLookedAt(page) ? sizes.slice(1) : sizes) {
    await page.setViewportSize(size === 'phone' ? phone : desktop);
    await settled(page);
    await picture(page, `${stem}-${size}`);
    await looked(page, `${stem}-${size}`, [fits, accessible]);
  }
  await page.setViewportSize(own);
  if (lookedAt) appendFileSync(lookedAt, `${pathOf(page)}\n`);
}

/** Where the tests of one run note what they have looked at in both widths; looked.mjs says which page is missing there. */
const lookedAt = process.env.E2E_LOOKED;
const pathOf = (page) => new URL(page.url()).pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
const hasBeenLookedAt = (page) => Boolean(lookedAt) && readFileSync(lookedAt, 'utf8').split('\n').includes(pathOf(page));

/** Looks at a page that is inspected elsewhere, in another state or width: width, picture. */
export async function look(page, name) {
  await settled(page);
  await picture(page, name);
  await looked(page, name, [fits]);
}

async function looked(page, name, checks) {
  try {
    for (const check of checks) await check(page, name);
  } catch (fault) {
    await shoot(page, name);
    throw fault;
  }
}

/** Waits for a mail to that address whose subject matches, and gives it back decoded (subject, text, links). */
export async function mail(to, subject, { after = 0 } = {}) {
  const until = Date.now() + 60_000;
  let seen = [];
  while (Date.now() < until) {
    const answer = await fetch(`${inbox}/mails.json?to=${encodeURIComponent(to)}`);
    assert.equal(answer.status, 200);
    seen = await answer.json();
    const found = seen.find((one) => one.id > after && subject.test(one.subject));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`no mail ${subject} to ${to}; there: ${seen.map((one) => one.subject).join(' | ') || 'none'}`);
}

/** The bytes of a mail, as they went over the wire. */
export async function rawMail(id) {
  const answer = await fetch(`${inbox}/${id}/raw`);
  assert.equal(answer.status, 200);
  return answer.text();
}

/** The link of a mail that leads into our pages. */
export function linkIn(message) {
  const link = message.links.find((one) => one.startsWith(base));
  assert.ok(link, `no link to ${base} in:\n${message.text}`);
  return link;
}


const texts = new Map();

/** A German text of the pages by file and key, with its gaps filled: t('account', 'mail.sentTo', { email }). */
export function t(file, key, gaps = {}) {
  if (!texts.has(file)) {
    texts.set(file, JSON.parse(readFileSync(new URL(`../../frontend/src/locales/de/${file}.json`, import.meta.url), 'utf8')));
  }
  const found = key.split('.').reduce((at, part) => at?.[part], texts.get(file));
  assert.equal(typeof found, 'string', `there is no text ${key} in ${file}.json`);
  return found.replace(/\{\{(\w+)\}\}/g, (_, name) => gaps[name] ?? assert.fail(`${file}:${key} has a gap ${name}`));
}

/** The made-up people of the demo, whose logins stand in every stand. */
export const password = 'Beispiel-Kita-2026';

/** Signs in by the page, as somebody would; where the page is not what a test is about, `enter` does it at a tenth of the time. */
export async function signIn(page, tenant, login) {
  await page.goto(`${base}/${tenant}/anmelden`);
  await page.getByLabel(t('account', 'field.email')).fill(`${login}@${tenant}.example`);
  await page.getByLabel(t('account', 'field.password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: t('account', 'signIn.submit') }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/anmelden'));
}

/** What a browser says of a request that its own page sends. */
export const own = { 'sec-fetch-site': 'same-origin', origin: base };

/** Signs in without the page, where that is not what a test is about; `requests` are those of a page or a context. */
export async function enter(requests, tenant, login) {
  const data = { email: `${login}@${tenant}.example`, password, code: null };
  const answer = await requests.post(`${base}/api/v1/${tenant}/session`, { data, headers: own });
  assert.ok(answer.ok(), await answer.text());
}

/** Steps of one story: each stands on the one before it; after a failure the rest would only wait for what cannot come. */
export function story(step) {
  let broken = false;
  return (title, work) => step(title, async (context) => {
    if (broken) return context.skip('an earlier step failed');
    broken = true;
    await work();
    broken = false;
  });
}

/** Somebody at a desk and a parent on the phone, in a browser that lives as long as the file. */
export function deskAndPhone() {
  const who = {};
  before(async () => {
    who.browser = await launch();
    who.desk = await person(who.browser, { viewport: desktop });
    who.parent = await person(who.browser, { viewport: phone });
  });
  after(() => who.browser?.close());
  return who;
}

/** So many days from today, as an ISO date. */
export const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** Fills in day, month and year of a date field. */
export async function date(page, id, iso) {
  const [year, month, number] = iso.split('-');
  await page.locator(`[id="${id}-day"]`).fill(number);
  await page.locator(`[id="${id}-month"]`).fill(month);
  await page.locator(`[id="${id}-year"]`).fill(year);
}
export const button = (page, label) => page.getByRole('button', { name: label, exact: true });

/** Presses a button of a round's guide and then the one in the dialog that tells the consequence. */
export async function confirmed(page, open, ask) {
  await button(page, open).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: t('rounds', `ask.${ask}.send`), exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
/** The guide of a round says what comes next. */
export const now = (page, next) => page.getByRole('heading', { level: 2, name: t('rounds', `next.${next}.title`), exact: true }).waitFor();

/** Decides about every child of a round that waits for a person's decision, where there are any, and comes back to the round. */
export async function decideCases(page, address) {
  await page.goto(address);
  await page.locator('.kp-guide__now').waitFor();
  const open = page.locator('.kp-guide__now').getByRole('link', { name: /^\d+ F(all|älle) entscheiden$/ });
  if ((await open.count()) > 0) {
    await open.click();
    // Before the rows are there, there is nothing to select.
    await page.getByLabel(t('staff', 'table.selectAll')).waitFor();
    await settled(page);
    await page.getByLabel(t('staff', 'table.selectAll')).check();
    await page.getByLabel(t('rounds', 'decide.note')).fill('Mit der Familie besprochen.');
    await inspect(page, 'round-04a-decide-desktop');
    await page.getByRole('button', { name: /so entscheiden$/i }).click();
    await page.getByText(/mit Ihrem Namen festgehalten/).first().waitFor();
  }
  await page.goto(address);
}
