import './browser.js';
import assert from 'node:assert/strict';
import test from 'node:test';
import {setImmediate as turn} from 'node:timers/promises';
import {isAbout} from '../../../keepalive/monitor/assets/js/filter.js';
import {source} from '../../../keepalive/monitor/assets/js/source.js';

const always = () => true;

/// Answers come when the test wants them.
function asked() {
  const waiting = [];
  return {waiting, fetcher: () => new Promise((answer) => waiting.push(answer))};
}

test('however often something is wanted, it is asked for once at a time, and once more after it', async () => {
  const {waiting, fetcher} = asked();
  const own = source(fetcher, 0, always);
  for (let i = 0; i < 300; ++i) own.refresh();
  assert.equal(waiting.length, 1);
  waiting.shift()('old');
  await turn();
  assert.equal(waiting.length, 1);
  assert.equal(own.busy, true);
  waiting.shift()('new');
  await turn();
  assert.deepEqual([waiting.length, own.value, own.busy], [0, 'new', false]);
});

test('one that is stopped asks no more', async () => {
  const {waiting, fetcher} = asked();
  const own = source(fetcher, 0, always);
  own.refresh();
  own.stop();
  waiting.shift()('late');
  await turn();
  assert.equal(waiting.length, 0);
});

test('a fault stands beside the value before, until there is another', async () => {
  const answers = [() => 'one', () => Promise.reject(new Error('gone')), () => 'two'];
  const own = source(async () => answers.shift()(), 0, always);
  await turn();
  await own.refresh();
  assert.deepEqual([own.value, own.fault.message], ['one', 'gone']);
  await own.refresh();
  assert.deepEqual([own.value, own.fault], ['two', null]);
});

test('an entry is about an object and what belongs to it, not about one whose name begins the same', () => {
  for (const [object, answer] of [['web', true], ['web/10.0.0.11:80', true], ['web2', false], ['web2/a', false], ['', false]]) assert.equal(isAbout({object}, 'web'), answer, object);
});
