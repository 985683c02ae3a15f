import assert from 'node:assert/strict';
import test from 'node:test';
import {serverEffect, switchEffect} from '../../../keepalive/monitor/assets/js/effect.js';
import {cellsOf, chosenBands, layout, linesBetween, shortNames} from '../../../keepalive/monitor/assets/js/layout.js';
import {directorOf} from '../../../keepalive/monitor/assets/js/reduce.js';
import {carrier, elsewhere, leader, problems, tally} from '../../../keepalive/monitor/assets/js/relate.js';
import {keeper} from '../../../keepalive/monitor/assets/js/keep.js';
import {placed} from './placed.js';
import {cluster} from './cluster.js';

const pick = (all, pool, name) => {
  const one = directorOf(all, 'lvs1');
  return [one, one.pools.get(pool), one.servers.get(`${pool}/${name}`)];
};

test('draining one of three is not grave while the others reach the quorum', () => {
  const {grave, lines} = serverEffect(...pick(cluster(), 'web', 'a'), 'drain', {deadline: 300});
  assert.equal(grave, false);
  assert.match(lines.join(' '), /10 active and 20 inactive.*at the latest in 5 min.*2 servers of pool web go on/);
});

test('it is grave below the quorum, and when nobody is left', () => {
  const all = cluster();
  directorOf(all, 'lvs1').servers.get('web/b')[1] = 'down';
  const below = serverEffect(...pick(all, 'web', 'a'), 'disable');
  assert.equal(below.grave, true);
  assert.match(below.lines.at(-1), /weight 100 is below the quorum 150/);
  const last = serverEffect(...pick(all, 'mail', '10.0.0.9:25'), 'disable');
  assert.equal(last.grave, true);
  assert.match(last.lines.at(-1), /sorry server 10\.0\.0\.99:25/);
});

test('a weight is grave only when it is 0 and nobody else is there', () => {
  assert.equal(serverEffect(...pick(cluster(), 'mail', '10.0.0.9:25'), 'weight', {weight: 5}).grave, false);
  assert.equal(serverEffect(...pick(cluster(), 'mail', '10.0.0.9:25'), 'weight', {weight: 0}).grave, true);
});

test('handing over tells who takes over, what moves along, and what becomes of connections', () => {
  const all = cluster();
  const one = directorOf(all, 'lvs1');
  const {grave, lines, to} = switchEffect(all, one, one.overview.vrrp[0]);
  assert.deepEqual([grave, to], [false, 'backup']);
  assert.match(lines.join(' '), /lvs1 hands outside \(2 addresses\) over to lvs2.*inside too.*99\.8 %.*go on/);
  const other = directorOf(all, 'lvs2');
  assert.equal(switchEffect(all, other, other.overview.vrrp[0]).to, 'master');
  other.reachable = false;
  assert.equal(switchEffect(all, one, one.overview.vrrp[0]).grave, true);
});

test('the leader is who has most masters, and carries what has traffic', () => {
  const all = cluster();
  assert.equal(leader(all).name, 'lvs1');
  assert.equal(carrier(all, 'web').name, 'lvs1');
  directorOf(all, 'lvs1').reachable = false;
  assert.equal(leader(all).name, 'lvs2');
  assert.equal(elsewhere(all, 'lvs1', {id: 80, name: 'outside'})[0].director.name, 'lvs2');
});

test('what is wrong is told worst first', () => {
  const all = cluster();
  const one = directorOf(all, 'lvs1');
  assert.deepEqual(problems(all, 100), []);
  const ill = {...all, shape: {}};
  one.servers.get('web/b')[1] = 'down';
  one.overview.vrrp[0].state = 'fault';
  const told = problems(ill, 100).map((item) => `${item.kind} ${item.name}: ${item.word.word}`);
  assert.deepEqual(told, ['vrrp outside: fault', 'server web/b: down', 'server web/b: directors differ']);
  assert.deepEqual(tally(one.pools.get('web')), {up: 2, taking: 2, active: 30, all: 3, down: 1});
});

test('the picture keeps everything inside, and nothing over another', () => {
  for (const width of [390, 950, 1360]) {
    const plan = layout(cluster(), width);
    const nodes = [plan.clients, ...plan.directors, ...plan.services, ...plan.pools];
    assert.equal(placed(nodes, plan), '', String(width));
  }
});

test('of many services the troubled ones are drawn, then the busy ones', () => {
  const one = directorOf(cluster(), 'lvs1');
  for (let i = 0; i < 30; ++i) {
    const name = `s${i}`;
    one.pools.set(name, {name, quorum: 1, state: 'up', servers: [['x', i === 7 ? 'down' : 'up', 1, 1, null, 0, 0]], sorry: null});
    one.services.set(name, {name, keys: ['TCP 192.0.2.1:80'], pool: name, state: 'up', active: i, inactive: 0, rates: null});
  }
  const {bands, more, troubled} = chosenBands(one);
  assert.deepEqual(bands.slice(0, 3).map((band) => band.pool.name), ['s7', 'web', 's29']);
  assert.deepEqual([bands.length, more, troubled], [8, 24, 0]);
});

test('a crowd of servers is pips, and cells for those to look at', () => {
  const servers = Array.from({length: 20}, (_, i) => [`10.0.0.${i}:80`, i === 3 ? 'down' : 'up', 1, 1, null, 0, 0]);
  const {cells, pips} = cellsOf({servers, sorry: null}, 400);
  assert.deepEqual([pips.length, cells.map((cell) => cell.server[0])], [20, ['10.0.0.3:80']]);
  assert.equal(shortNames({servers})('10.0.0.3:80'), '10.0.0.3');
});

test('a heartbeat line has both its ends', () => {
  assert.deepEqual(linesBetween(cluster().directors).map(({name, ends}) => [name, ends.length]), [['cable', 2]]);
});

test('what was made of the same things is kept', () => {
  const keep = keeper();
  let made = 0;
  const make = () => ++made;
  const thing = {};
  assert.deepEqual([keep([thing, 1], make), keep([thing, 1], make), keep([thing, 2], make), keep([{}, 2], make)], [1, 1, 2, 3]);
});
