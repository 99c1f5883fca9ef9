// The planning cockpit: numbers of children go in, coverage and gaps come out, and a scenario changes nothing real.
import { after, before, test as step } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { base, desktop, enter, inspect, launch, person, settled, story, t } from './frame.mjs';

const tenant = 'leipzig';
const words = (key, gaps) => t('planning', key, gaps);
let browser;
let office;
before(async () => {
  browser = await launch();
  office = await person(browser, { viewport: desktop });
});
after(() => browser?.close());

const test = story(step);

let area;
test('without numbers of children the page says so, and shows places and who waits', async () => {
  const { page } = office;
  await enter(page.request, tenant, 'amt');
  await page.goto(`${base}/${tenant}/amt/planung`);
  await page.getByText(words('basis.missing')).waitFor();
  const rows = page.getByRole('region', { name: words('areas.title') }).getByRole('rowheader');
  await rows.first().waitFor();
  area = (await rows.allInnerTexts()).find((name) => name !== words('noArea'));
  assert.ok(area);
});

test('the office enters children by area and birth year, and a broken line is named', async () => {
  const { page } = office;
  await page.getByRole('link', { name: words('basis.title') }).click();
  const year = new Date().getFullYear();
  const lines = [0, 1, 2, 3, 4, 5].map((n) => `${area};${year - n};${80 - 5 * n}`);
  await page.getByLabel(words('basis.rows')).fill([...lines, `${area};viele`].join('\n'));
  const day = page.getByRole('group', { name: words('basis.asOf') });
  await day.getByRole('textbox', { name: /Tag/ }).fill('1');
  await day.getByRole('textbox', { name: /Monat/ }).fill('1');
  await day.getByRole('textbox', { name: /Jahr/ }).fill(String(year));
  await page.getByRole('button', { name: words('basis.save'), exact: true }).click();
  await page.getByRole('alert').getByText(words('basis.broken', { line: 7 })).waitFor();
  await page.getByLabel(words('basis.rows')).fill(lines.join('\n'));
  await settled(page);
  await page.getByRole('button', { name: words('basis.save'), exact: true }).click();
  await page.getByText(words('basis.saved')).waitFor();
  await inspect(page, 'planning-01-basis-desktop');
});

const rowOf = (page) => page.getByRole('region', { name: words('areas.title') }).getByRole('row').filter({ has: page.getByRole('rowheader', { name: area, exact: true }) });

test('coverage and gap of every area, as chart, table, heat and map', async () => {
  const { page } = office;
  await page.goto(`${base}/${tenant}/amt/planung`);
  await rowOf(page).getByText(/ %$/).waitFor();
  assert.equal(await page.getByRole('button', { name: /Bedarf \d+/ }).count(), 24, 'the need of all adds up area by area');
  await page.getByLabel(words('area'), { exact: true }).first().selectOption({ label: area });
  await page.getByRole('button', { name: /Bedarf \d+/ }).first().focus();
  await page.keyboard.press('ArrowRight');
  const bar = await page.locator('.kp-cap__month').first().boundingBox();
  assert.ok(bar.height > 2 * bar.width, 'the months stand below each other instead of beside');
  await page.getByRole('button', { name: t('work', 'capacity.showTable'), exact: true }).click();
  const table = page.getByRole('region').filter({ has: page.getByRole('columnheader', { name: words('chart.lacking'), exact: true }) });
  assert.equal(await table.getByRole('rowheader').count(), 24);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: new RegExp(words('chart.table', { name: '' })) }).click();
  const lines = readFileSync(await (await saved).path(), 'utf8').trim().split('\r\n');
  const cells = await table.getByRole('row').nth(7).getByRole('cell').allInnerTexts();
  assert.deepEqual(lines[7].split(';').slice(1), cells.map((cell) => (cell === '–' ? '' : cell)));
  await page.locator('.kp-map .leaflet-marker-icon').first().waitFor();
  await page.getByRole('link', { name: words('map.table') }).click();
  await page.waitForURL(/#planungsraeume$/);
  await rowOf(page).waitFor();
  await inspect(page, 'planning-02-cockpit-desktop');
});

test('forty places more in a scenario close a gap, and are gone without it', async () => {
  const { page } = office;
  const before = await rowOf(page).innerText();
  await page.getByLabel(words('area'), { exact: true }).last().selectOption({ label: area });
  const form = page.getByRole('group', { name: words('scenario.add') });
  await form.getByRole('button', { name: words('scenario.submit') }).click();
  await page.getByText(words('scenario.needPlaces')).waitFor();
  await form.getByLabel(words('scenario.places'), { exact: true }).fill('40');
  await form.getByLabel(words('scenario.from'), { exact: true }).selectOption({ index: 0 });
  await form.getByRole('button', { name: words('scenario.submit') }).click();
  await rowOf(page).getByText(words('scenario.delta', { places: '+40' })).waitFor();
  await page.getByLabel(words('scenario.births')).selectOption('80');
  await inspect(page, 'planning-03-scenario-desktop');
  await page.reload();
  await rowOf(page).getByText(words('scenario.delta', { places: '+40' })).waitFor();
  await page.goto(`${base}/${tenant}/amt/planung`);
  await rowOf(page).waitFor();
  assert.equal(await rowOf(page).innerText(), before);
});
