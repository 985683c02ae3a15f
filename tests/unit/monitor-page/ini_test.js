import assert from 'node:assert/strict';
import test from 'node:test';
import {findSection, parse, placeOf, readLine, renamed, withEntry, withSection, withValue, withoutLine, withoutSection} from '../../../keepalive/monitor/assets/js/ini.js';

const text = `; of the house
[check web-ok]
type     = http
interval = 2s          ; often

; the shop
[pool web]
check  = web-ok
server = 10.0.0.11:80 weight=100   # old
server = 10.0.0.12:80

[sync]
id = 80
`;

test('a line is read as keepalive.conf(5) has it', () => {
  const rows = [
    ['', 'blank'], ['  ; x', 'comment'], ['# x', 'comment'], ['[pool web]', 'section'], ['[pool', 'fault'], ['no equals', 'fault'], ['a b = c', 'fault'],
  ];
  for (const [line, kind] of rows) assert.equal(readLine(line).kind, kind, line);
  const values = [['a = b', 'b'], ['a=b ; c', 'b'], ['a = b;c', 'b;c'], ['a = "b ; c" ; d', 'b ; c'], ['a = ; c', ''], ['a = x #y', 'x'], ['a = b = c', 'b = c']];
  for (const [line, value] of values) assert.equal(readLine(line).value, value, line);
});

test('sections hold their entries with the lines that they stand at', () => {
  const {sections} = parse(text);
  assert.deepEqual(sections.map((one) => [one.kind, one.name, one.line, one.end]), [['check', 'web-ok', 1, 4], ['pool', 'web', 6, 10], ['sync', '', 11, 13]]);
  assert.deepEqual(sections[1].entries[2], {key: 'server', value: '10.0.0.12:80', line: 9});
});

test('a value changes; its comment stays, at its column where there is room', () => {
  assert.equal(withValue(text, 3, '10s').split('\n')[3], 'interval = 10s         ; often');
  assert.equal(withValue('a = b ; c', 0, 'a longer one').split('\n')[0], 'a = a longer one ; c');
  assert.equal(withValue('a =', 0, 'b'), 'a = b');
});

test('a value that would be taken for a comment is quoted, and read back the same', () => {
  for (const value of ['x ; y', ' x', '# x', 'plain', 'a;b']) {
    assert.equal(readLine(withValue('a = b', 0, value)).value, value);
  }
});

test('a new entry stands behind the last of its key, or at the end of its section, in line with the others', () => {
  assert.equal(withEntry(text, 'pool', 'web', 'server', '10.0.0.13:80').split('\n')[10], 'server = 10.0.0.13:80');
  assert.equal(withEntry(text, 'check', 'web-ok', 'rise', '2').split('\n')[4], 'rise     = 2');
  assert.equal(withEntry(text, 'pool', 'none', 'rise', '2'), text);
});

test('what is added and taken away again leaves the text as it was', () => {
  assert.equal(withoutLine(withEntry(text, 'pool', 'web', 'server', 'x'), 10), text);
  assert.equal(withoutSection(withSection(text, 'pool', 'mail'), 'pool', 'mail').trimEnd(), text.trimEnd());
});

test('a section goes with the comments right above it, and no other', () => {
  const without = withoutSection(text, 'pool', 'web');
  assert.equal(without.includes('the shop'), false);
  assert.equal(without.includes('of the house'), true);
  assert.equal(findSection(parse(without), 'sync', '').line, 5);
});

test('a section gets another name and keeps the rest of its line', () => {
  assert.equal(renamed('[pool a] ; x\nserver = b\n', 'pool', 'a', 'c'), '[pool c] ; x\nserver = b\n');
});

test('a place tells section, key, and whether it is in the value', () => {
  const at = (part) => placeOf(text, text.indexOf(part));
  assert.deepEqual(at('http'), {line: 2, column: 11, section: 'check', name: 'web-ok', key: 'type', inValue: true});
  assert.deepEqual(at('; of the house'), {line: 0, column: 0, section: null, name: '', key: null, inValue: false});
  assert.equal(at('server = 10.0.0.12').inValue, false);
  assert.equal(placeOf('[pool a]\nser', 12).key, 'ser');
});
