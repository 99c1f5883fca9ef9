// Writes the settings of schemathesis, one file per visitor: visitors.mjs BASE FOLDER
import { readFileSync, writeFileSync } from 'node:fs';

const [base, folder] = process.argv.slice(2);
const tenant = 'flensburg';
const api = `${base}/api/v1/${tenant}`;
// The demo's logins (src/demo); they exist in no other database.
const password = 'Beispiel-Kita-2026';
const visitors = {
  'signed-out': { email: null },
  parent: { email: `familie@${tenant}.example`, role: 'parent' },
  leader: { email: `leitung@${tenant}.example`, role: 'facility_manager' },
  clerk: { email: `amt@${tenant}.example`, role: 'clerk' },
  // The longest visit by far, so it is two: of every other operation each.
  'admin-even': { email: `verwaltung@${tenant}.example`, part: 0 },
  'admin-odd': { email: `verwaltung@${tenant}.example`, part: 1 },
};

/**
 * Operations of which not every limit of every field is tried by this role: those that it may not call, because whoever is refused is refused
 * before a body is read, and those that the administrator may call, who tries them. From the permissions as they are written down.
 */
function triedByOthers(role) {
  const [head, ...rows] = readFileSync('tests/house/snapshots/house__policy__matrix.snap', 'utf8')
    .split('---\n')[2].trim().split('\n').map((line) => line.split(/ +/));
  const [column, admin] = [role, 'tenant_admin'].map((name) => head.indexOf(name));
  if (column < 1 || admin < 1) throw new Error(`no role ${role} or no administrator among ${head}`);
  return rows.filter((cells) => ['-', 'public'].includes(cells[column]) || cells[admin] !== '-').map((cells) => cells[0]);
}

/** Every other operation of the contract, from the first or from the second on. */
function everyOther(part) {
  const { paths } = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'));
  return Object.values(paths).flatMap(Object.values).map((one) => one.operationId).filter(Boolean).filter((_, n) => n % 2 === part);
}

// What would take the visitor's own session, account or rights away, so that all later requests would prove nothing.
const suicidal = [
  'sign_out', 'end_session', 'close_account', 'change_password', 'end_membership', 'start_second_factor', 'confirm_second_factor',
  'disable_second_factor', 'put_settings', 'update_account',
];

async function signIn(email) {
  const answer = await fetch(`${api}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ email, password }),
  });
  if (answer.status !== 200) throw new Error(`sign in as ${email}: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
}

/** Ids of things that exist, by the name of the path parameter, as far as this visitor may list them. */
async function idsFor(cookie) {
  const found = {};
  const note = (name, values) => {
    const list = values.filter(Boolean);
    if (list.length > 0) found[name] = [...new Set([...(found[name] ?? []), ...list])].slice(0, 50);
  };
  const items = async (path) => {
    const answer = await fetch(`${api}${path}`, { headers: cookie ? { cookie } : {} });
    return answer.ok ? ((await answer.json()).items ?? []) : [];
  };
  const ids = async (name, path, id = (item) => item.id) => note(name, (await items(path)).map(id));
  await ids('facility_id', '/facilities?limit=20');
  await ids('criterion_id', '/criteria');
  if (!cookie) return found;
  await ids('facility_id', '/staff/facilities');
  const demands = await items('/demands');
  note('demand_id', demands.map((one) => one.id));
  note('child_id', demands.map((one) => one.child?.id));
  await ids('demand_id', '/office/demands');
  await ids('preference_id', '/staff/preferences');
  await ids('offer_id', '/offers');
  await ids('offer_id', '/staff/offers');
  await ids('contract_id', '/contracts');
  await ids('notification_id', '/office/letters');
  await ids('provider_id', '/admin/providers');
  await ids('criterion_id', '/admin/criteria');
  await ids('criteria_set_id', '/admin/criteria-sets');
  await ids('closing_day_id', '/admin/closing-days');
  await ids('invitation_id', '/admin/invitations');
  await ids('api_key_id', '/admin/api-keys');
  return found;
}

function settings(cookie, ids, { role, part }) {
  const quote = JSON.stringify;
  const lines = [
    `headers = { "Sec-Fetch-Site" = "same-origin"${cookie ? `, "Cookie" = ${quote(cookie)}` : ''} }`,
    '',
    '[parameters]',
    `"path.tenant" = ${quote(tenant)}`,
    ...Object.keys(ids).map((name) => `"path.${name}" = { dictionary = ${quote(name)}, probability = 0.8 }`),
    // What is no header at all never reaches the program: the parser of HTTP refuses it before.
    '"header.if-match" = { dictionary = "versions", probability = 1.0 }',
    '"header.idempotency-key" = { dictionary = "keys", probability = 1.0 }',
    '',
    '[dictionaries]',
    `versions = { values = ${quote(['"1"', '"2"', '"3"', '"0"', '*', 'W/"1"', '1', '"x"', '"99999999999999999999"', '""'])} }`,
    `keys = { values = ${quote([...Array.from({ length: 40 }, (_, n) => `key-${n}`), 'x', '~'.repeat(300)])} }`,
    // NUL, an unpaired direction mark, a combining mark, markup, SQL and something far too long (a longer one makes an address that no
    // server takes).
    `hostile = { values = ${quote(['\u0000', 'a\u0000b', '\u202e', 'e\u0301\u0327', "'; DROP TABLE app.tenant; --", '<img src=x onerror=alert(1)>', '=1+1', '9'.repeat(400), 'ä'.repeat(1_500)])} }`,
    ...Object.entries(ids).map(([name, values]) => `${name} = { values = ${quote(values)} }`),
    '',
    '[generation.dictionaries]',
    'string = { dictionary = "hostile", probability = 0.05 }',
  ];
  if (cookie) {
    lines.push('', '[[operations]]', `include-operation-id = ${quote(suicidal)}`, 'enabled = false');
  }
  if (part !== undefined) {
    lines.push('', '[[operations]]', `include-operation-id = ${quote(everyOther(1 - part))}`, 'enabled = false');
  }
  if (role && !process.env.SCHEMATHESIS_PHASES) {
    lines.push('', '[[operations]]', `include-operation-id = ${quote(triedByOthers(role))}`, 'phases.coverage.enabled = false');
  }
  return `${lines.join('\n')}\n`;
}

for (const [name, { email, ...visitor }] of Object.entries(visitors)) {
  const cookie = email ? await signIn(email) : null;
  const ids = await idsFor(cookie);
  console.log(`${name}: ${Object.entries(ids).map(([key, values]) => `${values.length} ${key}`).join(', ')}`);
  writeFileSync(`${folder}/${name}.toml`, settings(cookie, ids, visitor));
}
