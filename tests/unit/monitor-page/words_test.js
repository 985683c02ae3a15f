import assert from 'node:assert/strict';
import test from 'node:test';
import {range, faultOf, fittingKeys} from '../../../keepalive/monitor/assets/js/schema.js';
import {bits, countdown, fitted, latency, local, seconds, short, span} from '../../../keepalive/monitor/assets/js/text.js';
import {named, serverWord, syncState, whyNot, wordOf} from '../../../keepalive/monitor/assets/js/words.js';
import {objectRoute, readRoute, route, to} from '../../../keepalive/monitor/assets/js/route.js';
import {known, linePath, roundTop, stretches, thinned, timeSteps} from '../../../keepalive/monitor/assets/js/scale.js';
import {answer} from './cluster.js';

const same = (act, rows) => rows.forEach(([given, wanted]) => assert.equal(act(given), wanted, String(given)));

test('spans of time in two units at most', () => same(span, [[0, '0 s'], [59.9, '59 s'], [61, '1 min 1 s'], [3600, '1 h'], [8040, '2 h 14 min'], [90000, '1 d 1 h'], [-5, '0 s']]));
test('count-downs round up', () => same(countdown, [[73, '1:13'], [0.2, '0:01'], [-1, '0:00']]));
test('numbers in three digits', () => same(short, [[0, '0'], [999, '999'], [1234567, '1.23 M'], [0.123, '0.123'], [null, '–'], [999950, '1 M']]));
test('bits', () => same(bits, [[0, '0 bit/s'], [6e6, '48 Mbit/s'], [null, '–']]));
test('latencies', () => same(latency, [[850, '850 µs'], [12300, '12.3 ms'], [1.2e6, '1.2 s'], [null, '–']]));
test('times as the configuration takes them', () => same(seconds, [['500ms', 0.5], ['5m', 300], ['90', 90], ['1h', 3600], ['', null], ['5x', null], ['-1s', null]]));
test('long names lose their middle', () => assert.deepEqual([fitted('web', 5), fitted('frontend-of-the-shop-17', 10)], ['web', 'fronte…-17']));
test('times within sentences are told as the browser\'s zone has them', () => assert.doesNotMatch(local('up since 2026-11-24T09:25:36.000250Z, 1 s ago'), /T|Z/));

test('each state has a word and a shape; an unknown one is shown as it is', () => {
  assert.deepEqual(wordOf('vrrp', 'dreaming'), {word: 'dreaming', shape: 'dots', tone: 'off', rank: 1});
  assert.equal(serverWord('up', 'drain').word, 'draining');
  assert.equal(serverWord('down', 'drain').word, 'down');
});

test('a word that every object has is unknown like others', () => {
  for (const [kind, state] of [['vrrp', 'constructor'], ['constructor', 'name'], ['vrrp', '__proto__']]) assert.deepEqual(wordOf(kind, state), {word: state, shape: 'dots', tone: 'off', rank: 1});
  assert.match(whyNot('constructor', 'configure', 'operate'), /wants the role operator/);
  assert.match(whyNot('operator', 'constructor', 'operate'), /allow = operate/);
  assert.deepEqual([named({up: 1}, 'up'), named({up: 1}, 'toString'), named(undefined, 'up')], [1, undefined, undefined]);
});

test('who sends connections is synced when the others have them, who receives when it has copied them', () => {
  const of = (role, more) => syncState({daemons: [{role, wanted: true, runs: true}], connected: true, synced: false, parity_permille: 995, ...more});
  assert.equal(of('master'), 'synced');
  assert.equal(of('master', {parity_permille: 400}), 'not synced');
  assert.equal(of('backup'), 'not synced');
  assert.equal(of('backup', {synced: true}), 'synced');
  assert.equal(of('master', {connected: false}), 'apart');
  assert.equal(of('master', {daemons: [{role: 'master', wanted: true, runs: false}]}), 'stopped');
});

test('a plot begins where something is known, but not so late that it is a line', () => {
  const told = (values) => ({step_s: 100, from: 1000, series: {active: values}});
  assert.deepEqual(known(told([null, null, 1, 2, 3, 4])), {from: 1200, series: {active: [1, 2, 3, 4]}});
  assert.deepEqual(known(told([null, null, null, null, null, 4])), {from: 1300, series: {active: [null, null, 4]}});
  assert.deepEqual(known(told([null, 1])), {from: 1000, series: {active: [null, 1]}});
  assert.deepEqual(known(told([])), {from: 1000, series: {active: []}});
});

test('who may what, and why not', () => {
  assert.equal(whyNot('operator', 'configure', 'operate'), '');
  assert.match(whyNot('viewer', 'configure', 'operate'), /a viewer.*role operator/);
  assert.match(whyNot('operator', 'configure', 'configure'), /an operator.*administrator/);
  assert.match(whyNot('administrator', 'read', 'operate'), /allow = operate/);
});

test('addresses within the page are read back the same, whatever names hold', () => {
  for (const parts of [['d', 'lvs1', 'server', 'web', '[fd00::11]:80'], ['d', 'a/b', 'pool', 'x y%#?']]) {
    assert.deepEqual(readRoute(route(parts, {q: 'a&b=c', level: ''})), {parts, query: {q: 'a&b=c'}});
  }
  assert.deepEqual(readRoute('#/%zz').parts, ['%zz']);
});

test('an object of the journal leads to its page', () => {
  const {overview} = answer().directors[0];
  const rows = [['web/a', to.server('lvs1', 'web', 'a')], ['outside', to.vrrp('lvs1', 'outside')], ['cable', to.heartbeat('lvs1', 'cable')], ['web', to.service('lvs1', 'web')], ['sync/master', to.sync('lvs1')], ['nobody', null], ['', null]];
  for (const [object, href] of rows) assert.equal(objectRoute('lvs1', overview, object), href, object);
});

test('values that are plainly wrong', () => {
  const time = {name: 'interval', type: 'duration', minimum: 10, maximum: 86400000};
  const rows = [[time, '2s', ''], [time, '5ms', 'wants 10 ms to 1 d'], [time, 'soon', 'wants a time, such as 500ms, 30s, 5m'], [time, '${INTERVAL}', ''],
    [{type: 'number', minimum: 1, maximum: 255}, '256', 'wants 1 to 255'], [{type: 'number', minimum: 1}, 'x', 'wants a whole number'], [{type: 'word', values: ['yes', 'no']}, 'on', 'one of: yes, no'], [{type: 'text'}, '', 'a value is missing']];
  for (const [key, value, fault] of rows) assert.equal(faultOf(key, value), fault, value);
  assert.equal(range({minimum: 1, maximum: null}), 'at least 1');
});

test('keys of another type of check are not offered', () => {
  const section = {keys: [{name: 'url', applies: ['http']}, {name: 'rise', applies: []}, {name: 'query', applies: ['dns']}]};
  assert.deepEqual(fittingKeys(section, [{key: 'type', value: 'http'}]).map((key) => key.name), ['url', 'rise']);
});

test('plots: round steps, gaps, peaks', () => {
  assert.deepEqual(roundTop(1300), {top: 1500, steps: [0, 500, 1000, 1500]});
  assert.deepEqual(roundTop(0), {top: 1, steps: [0, 1]});
  assert.deepEqual(timeSteps(1000, 4600, 5).times, [1800, 2700, 3600, 4500]);
  assert.equal(linePath([0, null, 1], 20, 10, 1), 'M0.0 10.0h1M20.0 0.0h1');
  assert.deepEqual(thinned([1, 9, null, null, 2, 3], 3), [9, null, 3]);
  assert.deepEqual(stretches([1, 0, 0, null, 0], (value) => value === 0), [[1, 2], [4, 4]]);
});
