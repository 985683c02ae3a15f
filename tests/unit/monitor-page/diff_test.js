import assert from 'node:assert/strict';
import test from 'node:test';
import {differences, extent, hunks, paired, taken} from '../../../keepalive/monitor/assets/js/diff.js';

const signs = {same: ' ', add: '+', del: '-'};
const told = (before, after) => differences(before, after).map((row) => signs[row.kind] + row.text).join('|');

test('rows are what stays, what goes, what comes', () => {
  assert.equal(told('a\nb\nc', 'a\nc'), ' a|-b| c');
  assert.equal(told('a\nc', 'a\nb\nc'), ' a|+b| c');
  assert.equal(told('a\nb\nc', 'a\nx\nc'), ' a|-b|+x| c');
  assert.equal(told('a', 'a'), ' a');
  assert.equal(told('a\nb', 'c\nd'), '-a|-b|+c|+d');
});

function random(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

test('for any two texts: the rows without additions are the one, without removals the other', () => {
  const next = random(7);
  for (let i = 0; i < 300; ++i) {
    const make = () => Array.from({length: 1 + next(12)}, () => 'abc'[next(3)]).join('\n');
    const [before, after] = [make(), make()];
    const rows = differences(before, after);
    assert.equal(rows.filter((row) => row.kind !== 'add').map((row) => row.text).join('\n'), before);
    assert.equal(rows.filter((row) => row.kind !== 'del').map((row) => row.text).join('\n'), after);
  }
});

test('hunks are changes with lines around, joined where they touch', () => {
  const before = [...'abcdefghijklmnop'].join('\n');
  const rows = differences(before, before.replace('b', 'B').replace('o', 'O'));
  assert.deepEqual(hunks(rows, 2), [{from: 0, to: 5}, {from: 13, to: 18}]);
  assert.deepEqual(hunks(rows, 9), [{from: 0, to: 18}]);
});

test('taking all hunks gives the text after, none the text before, one only that', () => {
  const before = [...'abcdefghijkl'].join('\n');
  const after = before.replace('b', 'B').replace('k', 'K');
  const rows = differences(before, after);
  const parts = hunks(rows, 1);
  assert.equal(taken(rows, parts, new Set([0, 1])), after);
  assert.equal(taken(rows, parts, new Set()), before);
  assert.equal(taken(rows, parts, new Set([1])), before.replace('k', 'K'));
});

test('two long texts with nothing in common are told without a search that never ends', () => {
  const long = (letter) => Array.from({length: 3000}, (_, i) => letter + i).join('\n');
  assert.deepEqual(extent(differences(long('a'), long('b'))), {added: 3000, removed: 3000});
});

test('the files of two directors that are each other\'s', () => {
  const files = (...paths) => paths.map((path) => ({path}));
  assert.deepEqual(paired(files('/etc/a.conf', '/etc/d/x', '/srv/y', '/etc/z'), files('/opt/b.conf', '/srv/y', '/opt/d/x')),
    {pairs: [['/etc/a.conf', '/opt/b.conf'], ['/etc/d/x', '/opt/d/x'], ['/srv/y', '/srv/y']], alone: ['/etc/z']});
});
