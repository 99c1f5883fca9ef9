// Every page of those who work here.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { all, lookAt } from './pages.mjs';

lookAt('leader', 'provider', 'clerk', 'admin');

test('no role is left out', () => {
  const files = ['families', 'staff'].map((name) => readFileSync(new URL(`./pages-${name}.test.mjs`, import.meta.url), 'utf8')).join();
  assert.deepEqual(all.filter((role) => !files.includes(`'${role}'`)), []);
});
