// Keys: places to go to, what to look for, rows to walk through. Never an act that changes the cluster.
import {ask, isOpen} from './dialog.js';
import {h} from './dom.js';
import {turnTheme} from './theme.js';

const places = {c: '#/', a: '#/alerts', j: '#/journal', n: '#/connections', e: '#/config'};

const told = [
  ['g then c, a, j, n, e', 'cluster, alerts, journal, connections, configuration (edit)'],
  ['/', 'filter'], ['j, k', 'next and previous row'], ['Enter', 'open the row'], ['o', 'unfold the row'],
  ['[ and ]', 'the same thing on the other director'], ['t', 'dark, light, or as the system has it'], ['Escape', 'leave a field or a dialog'], ['?', 'this list'],
];

export function showKeys() {
  ask({title: 'Keys', body: () => h('dl.keys-list', null, told.map(([keys, what]) => h('div', {key: keys}, h('dt', null, h('kbd', null, keys)), h('dd', null, what))))});
}

const writes = (element) => element?.matches?.('input, textarea, select, [contenteditable]') ?? false;

const rows = () => [...document.querySelectorAll('[data-row], main table tbody tr')];
const target = (row) => row.querySelector('a, button:not(.fold), button');

/// The focus to the next row's link; from none, to the first on the screen.
function walk(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const seen = all.findIndex((row) => row.getBoundingClientRect().top > 60);
  const next = all[here < 0 ? Math.max(0, seen) : Math.min(all.length - 1, Math.max(0, here + step))];
  const found = target(next);
  found?.focus({preventScroll: true});
  next.scrollIntoView({block: 'nearest'});
}

function sides(step) {
  const all = [...document.querySelectorAll('.sides a')];
  const here = all.findIndex((link) => link.getAttribute('aria-current'));
  if (here >= 0) location.hash = all[(here + step + all.length) % all.length].getAttribute('href');
}

let gone = 0;  // when g was pressed

const keys = {
  '?': showKeys,
  '/': () => {
    const field = document.querySelector('input.filter');
    field?.focus();
    field?.select();
  },
  j: () => walk(1), k: () => walk(-1), t: turnTheme, '[': () => sides(-1), ']': () => sides(1),
  o: () => document.activeElement?.closest('[data-row]')?.querySelector('.fold')?.click(),
  g: () => (gone = Date.now()),
};

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isOpen() || document.querySelector('dialog[open]')) return;
  if (writes(event.target)) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  if (Date.now() - gone < 1500 && places[event.key]) {
    gone = 0;
    location.hash = places[event.key];
    event.preventDefault();
    return;
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

export const listen = () => document.addEventListener('keydown', press);
