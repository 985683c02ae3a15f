import assert from 'node:assert/strict';
import test from 'node:test';
import {chosenServices, hasEntry, readFilter, readTime} from '../../../keepalive/monitor/assets/js/filter.js';
import {directorOf} from '../../../keepalive/monitor/assets/js/reduce.js';
import {together} from '../../../keepalive/monitor/assets/js/relate.js';
import {cluster} from './cluster.js';

const found = (text, order = 'name', change = () => {}) => {
  const one = directorOf(cluster(), 'lvs1');
  change(one);
  return chosenServices(one, text, order).map((service) => service.name);
};

test('words and named parts of a filter', () => {
  assert.deepEqual(readFilter('State:down web  10.0'), {state: 'down', words: ['web', '10.0']});
});

test('services are found by name, address, server, state', () => {
  assert.deepEqual(found(''), ['mail', 'web']);
  assert.deepEqual(found('192.0.2.80'), ['web']);
  assert.deepEqual(found('10.0.0.9'), ['mail']);
  assert.deepEqual(found('server:c'), ['web']);
  assert.deepEqual(found('state:down'), []);
  assert.deepEqual(found('state:down', 'name', (one) => (one.servers.get('web/b')[1] = 'down')), ['web']);
  assert.deepEqual(found('state:drain', 'name', (one) => (one.servers.get('web/b')[4] = 'drain')), ['web']);
});

test('troubled services come first, then by name; numbers in names count as numbers', () => {
  assert.deepEqual(found('', 'trouble', (one) => (one.servers.get('web/b')[1] = 'down')), ['web', 'mail']);
  assert.deepEqual(found('', 'active'), ['web', 'mail']);
  assert.deepEqual(found('', 'constructor'), found('', 'trouble'));
});

test('times: of today, of a day, so long ago', () => {
  const now = new Date(2026, 10, 24, 15, 0, 0).getTime() / 1000;
  assert.equal(readTime('14:30', now), now - 1800);
  assert.equal(readTime('10m', now), now - 600);
  assert.equal(readTime('2026-11-24 14:00', now), now - 3600);
  assert.equal(readTime('', now), null);
  assert.equal(readTime('soon', now), null);
});

test('entries are found by object, least level, words, director and time', () => {
  const entry = {director: 'lvs1', time: '2026-11-24T10:00:00Z', level: 'warning', kind: 'DRIFT', object: 'web/10.0.0.11:80', text: 'changed', cause: 'by ipvsadm'};
  const at = Date.parse(entry.time) / 1000;
  const rows = [[{}, true], [{object: 'WEB'}, true], [{object: 'mail'}, false], [{level: 'warning'}, true], [{level: 'alert'}, false], [{q: 'ipvsadm drift'}, true], [{q: 'nft'}, false],
    [{director: 'lvs2'}, false], [{from: at - 1, to: at + 1}, true], [{from: at + 1}, false], [{to: at - 1}, false]];
  for (const [wanted, answer] of rows) assert.equal(hasEntry(entry, wanted), answer, JSON.stringify(wanted));
});

test('what two directors tell of one thing within seconds is one entry with both', () => {
  const entry = (director, time, object = 'web/a') => ({director, time, kind: 'SERVER_DOWN', object, text: `${object} is down`});
  const told = together([entry('lvs2', '2026-11-24T10:00:01Z'), entry('lvs1', '2026-11-24T10:00:00Z'), entry('lvs1', '2026-11-24T09:59:59Z'), entry('lvs2', '2026-11-24T09:00:00Z'), entry('lvs1', '2026-11-24T10:00:00Z', 'web/b')], 3);
  assert.deepEqual(told.map((one) => one.tellers.map((teller) => teller.director)), [['lvs2', 'lvs1'], ['lvs1'], ['lvs2'], ['lvs1']]);
});
