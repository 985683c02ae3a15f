import assert from 'node:assert/strict';
import test from 'node:test';
import {cutOff, directorOf, freshness, mergedJournal, reduced} from '../../../keepalive/monitor/assets/js/reduce.js';
import {cluster} from './cluster.js';

const entry = (sequence, time, director = 'lvs1') => ({director, sequence, time, level: 'info', kind: 'SERVER_UP', object: 'web/a', text: '', cause: ''});

test('figures change services and servers that they name, and nothing else', () => {
  const before = cluster();
  const {cluster: after, reload} = reduced(before, 'figures', {director: 'lvs1', time: '2026-11-24T10:00:01.000000Z', services: {web: [5, 6, 1, 2, 3, 4, 5]}, servers: {'web/b': [7, 8], 'gone/x': [1, 1]}}, 101);
  const {services, servers} = directorOf(after, 'lvs1');
  assert.deepEqual([services.get('web').active, services.get('web').rates], [5, [1, 2, 3, 4, 5]]);
  assert.deepEqual(servers.get('web/b').slice(5), [7, 8]);
  assert.deepEqual(servers.get('web/a').slice(5), [10, 20]);
  assert.equal(after.shape, before.shape);
  assert.equal(reload, false);
});

test('a state replaces the pools it names and keeps the others, in their order', () => {
  const pool = {name: 'web', quorum: 150, weight_up: 200, state: 'up', servers: [['a', 'down', 1, null, null, 0, 0]], sorry: null};
  const before = cluster();
  const {cluster: after} = reduced(before, 'state', {director: 'lvs2', overview: {pools: [pool]}}, 101);
  const {pools, servers, overview} = directorOf(after, 'lvs2');
  assert.deepEqual([...pools.keys()], ['web', 'mail']);
  assert.equal(servers.get('web/a')[1], 'down');
  assert.equal(servers.has('web/b'), false);
  assert.equal(overview.vrrp.length, 2);
  assert.notEqual(after.shape, before.shape);
});

test('sync and alerts come often and are no other shape', () => {
  const before = cluster();
  const {cluster: after} = reduced(before, 'state', {director: 'lvs1', overview: {alerts: [], sync: null}}, 101);
  assert.equal(after.shape, before.shape);
  assert.equal(directorOf(after, 'lvs1').overview.sync, null);
});

test('another generation, an unknown director and resync ask for the cluster again', () => {
  assert.equal(reduced(cluster(), 'state', {director: 'lvs1', overview: {generation: 4}}, 101).reload, true);
  assert.equal(reduced(cluster(), 'figures', {director: 'lvs9'}, 101).reload, true);
  assert.equal(reduced(cluster(), 'resync', {}, 101).reload, true);
});

test('a director is live while it tells something, then stale, and gone when it is unreachable', () => {
  const now = cluster(100);
  assert.equal(freshness(directorOf(now, 'lvs2'), 104), 'live');
  assert.equal(freshness(directorOf(now, 'lvs2'), 106), 'stale');
  assert.equal(freshness(directorOf(cutOff(now), 'lvs2'), 100), 'stale');
  const {cluster: gone} = reduced(now, 'state', {director: 'lvs2', reachable: false, error: 'no route', overview: {}}, 110);
  assert.equal(freshness(directorOf(gone, 'lvs2'), 110), 'gone');
  assert.equal(directorOf(gone, 'lvs2').fresh, 100);
  const {cluster: back} = reduced(gone, 'figures', {director: 'lvs2'}, 120);
  assert.equal(freshness(directorOf(back, 'lvs2'), 120), 'live');
});

test('the journal holds each entry once, oldest first', () => {
  const first = [entry(1, '2026-11-24T10:00:00Z'), entry(3, '2026-11-24T10:00:05Z')];
  const both = mergedJournal(first, [entry(3, '2026-11-24T10:00:05Z'), entry(1, '2026-11-24T10:00:02Z', 'lvs2')]);
  assert.deepEqual(both.map((one) => [one.director, one.sequence]), [['lvs1', 1], ['lvs2', 1], ['lvs1', 3]]);
});

test('a server that the journal calls down is shown so at once', () => {
  const before = cluster();
  const {cluster: after} = reduced(before, 'journal', {...entry(8, '2026-11-24T10:00:01.000000Z'), kind: 'SERVER_DOWN'}, 101);
  assert.deepEqual(directorOf(after, 'lvs1').servers.get('web/a').slice(0, 3), ['a', 'down', Date.parse('2026-11-24T10:00:01Z') / 1000]);
  assert.equal(directorOf(after, 'lvs2').servers.get('web/a')[1], 'up');
  assert.notEqual(after.shape, before.shape);
  const other = reduced(after, 'journal', {...entry(9, '2026-11-24T10:00:02.000000Z'), object: 'gone/x'}, 102).cluster;
  assert.equal(other.shape, after.shape);
});
