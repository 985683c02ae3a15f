import './browser.js';
import assert from 'node:assert/strict';
import test from 'node:test';
import {anyDirty, draftOf, edit} from '../../../keepalive/monitor/assets/js/draft.js';
import {enter, leave, state} from '../../../keepalive/monitor/assets/js/store.js';

/// A configuration that somebody has begun to edit.
function begun() {
  const draft = draftOf('lvs1');
  Object.assign(draft, {told: {files: [{path: 'a', text: 'one', writable: true}]}, texts: new Map([['a', 'one']])});
  edit(draft, 'a', 'two');
  assert.equal(anyDirty(), true);
  return draft;
}

const session = (user) => ({user, role: 'administrator', csrf: 'x', expires: ''});

test('what was edited is gone when one signs out', () => {
  begun();
  leave();
  assert.equal(anyDirty(), false);
  assert.equal(draftOf('lvs1').told, null);
});

test('a session that is over can be taken up by its user with his edits, by nobody else', async () => {
  globalThis.fetch = () => Promise.reject(new Error('nobody is there'));
  state.session = session('anna');
  const draft = begun();
  await enter(session('anna'));
  assert.equal(draftOf('lvs1'), draft);
  await enter(session('olaf'));
  assert.equal(anyDirty(), false);
  assert.equal(state.session.user, 'olaf');
  leave();
});
