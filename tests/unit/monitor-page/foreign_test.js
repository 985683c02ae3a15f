import './browser.js';
import assert from 'node:assert/strict';
import test from 'node:test';
import {planPanel} from '../../../keepalive/monitor/assets/js/plan.js';
import {open} from '../../../keepalive/monitor/assets/js/thing.js';

test('an address with a word that every object has leads nowhere', () => {
  for (const kind of ['constructor', 'toString', '__proto__', 'gadget']) assert.equal(open(['d', 'lvs1', kind, 'web']), null, kind);
  assert.notEqual(open(['d', 'lvs1', 'pool', 'web']), null);
});

test('a plan with an edit that the page does not know is told as it is', () => {
  const files = [{path: 'a', text: 'one', writable: true}];
  const plan = {changes: [{change: 'constructor', text: 'x'}, {change: 'add_service', text: 'y'}], settings: []};
  const [list] = planPanel({told: {files}, texts: new Map([['a', 'two']]), checked: {plan, diagnostics: []}});
  const words = list[1].children.map((line) => line.children[1].children[0].text);
  assert.deepEqual(words, ['constructor', 'adds service']);
});
