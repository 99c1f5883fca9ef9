// Adds up the reports of all visitors: sum.mjs FOLDER. Too few requests prove nothing and fail.
import { readdirSync, readFileSync } from 'node:fs';

const folder = process.argv[2];
const wanted = Number(process.env.SCHEMATHESIS_REQUESTS ?? 10_000);
let requests = 0;
let failures = 0;
let reached = 0;
for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
  const accepted = Object.values(report.valid_rates).flatMap(Object.values).reduce((sum, rate) => sum + rate.accepted, 0);
  if (!report.operations) throw new Error(`${name}: the run did not begin; see the text beside the report`);
  console.log(`${name.replace('.json', '')}: ${report.test_cases.generated} requests to ${report.operations.tested} operations, ${accepted} accepted, `
    + `${report.test_cases.unique_failures} faults${report.complete ? '' : ', not complete'}`);
  requests += report.test_cases.generated;
  failures += report.test_cases.unique_failures + report.errors.length + (report.complete ? 0 : 1);
  reached += accepted;
}
console.log(`together: ${requests} requests, ${reached} accepted, ${failures} faults`);
if (requests < wanted) {
  console.error(`fewer than ${wanted} requests; raise SCHEMATHESIS_EXAMPLES`);
  process.exit(1);
}
if (failures > 0) process.exit(1);
