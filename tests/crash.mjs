// The people of crash.sh: `register BASE FILE` until it is told to stop, and afterwards `check INBOX FILE CRASHES`.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const [what, address, file, crashes] = process.argv.slice(2);

async function register() {
  writeFileSync(file, '');
  let going = true;
  process.on('SIGTERM', () => { going = false; });
  const someone = async (worker) => {
    for (let number = 0; going; number += 1) {
      const email = `crash-${worker}-${number}@families.example`;
      try {
        const answer = await fetch(`${address}/api/v1/flensburg/registrations`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
          body: JSON.stringify({ email, password: 'eine-lange-Zeile-fuer-Tests', language: 'de' }),
        });
        if (answer.status === 202) appendFileSync(file, `${email}\n`);
      } catch {
        // The server is just being killed. Nothing was acknowledged, so nothing is owed.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  await Promise.all([0, 1, 2, 3].map(someone));
}

async function mailsTo(email) {
  const answer = await fetch(`${address}/mails.json?to=${encodeURIComponent(email)}`);
  return answer.json();
}

async function check() {
  const owed = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
  if (owed.length < 20) throw new Error(`only ${owed.length} registrations were acknowledged; that proves nothing`);
  // A job whose worker died runs again when its lease is over.
  const until = Date.now() + 300_000;
  let missing = owed;
  while (missing.length > 0 && Date.now() < until) {
    const still = [];
    for (const email of missing) if ((await mailsTo(email)).length === 0) still.push(email);
    missing = still;
    if (missing.length > 0) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  if (missing.length > 0) throw new Error(`${missing.length} of ${owed.length} acknowledged registrations never got their mail: ${missing.slice(0, 5)}`);
  let again = 0;
  for (const email of owed) {
    const mails = await mailsTo(email);
    again += mails.length - 1;
    const ids = new Set();
    for (const mail of mails) {
      const raw = await (await fetch(`${address}/${mail.id}/raw`)).text();
      ids.add(/^message-id:\s*(.+)$/im.exec(raw)?.[1]?.trim());
    }
    if (ids.size !== 1 || ids.has(undefined)) throw new Error(`${email} got mails with different Message-IDs: ${[...ids]}`);
  }
  // One mail at most is on its way when the worker dies.
  if (again > Number(crashes)) throw new Error(`${again} second deliveries after ${crashes} crashes`);
  console.log(`${owed.length} registrations, ${crashes} crashes: all mails arrived, ${again} twice and recognisably so`);
}

await (what === 'register' ? register() : check());
