// One question at a time, in a dialog that keeps the keyboard: what will happen, then cancel or do.
import {h} from './dom.js';
import {changed} from './store.js';
import {button, refusal} from './parts.js';

let open = null;

/// terms: {title, verb, grave, lines: () => [text], body: () => elements, able: () => '' or why not, act: async () => …}.
export function ask(terms) {
  open = {...terms, busy: false, fault: null, back: document.activeElement};
  changed();
}

function close() {
  const {back} = open ?? {};
  open = null;
  changed();
  setTimeout(() => back?.isConnected && back.focus(), 50);
}

export const isOpen = () => open !== null;

async function act(event) {
  event.preventDefault();
  const mine = open;
  if (mine.busy || mine.able?.()) return;
  Object.assign(mine, {busy: true, fault: null});
  changed();
  try {
    await mine.act();
    if (open === mine) close();
  } catch (fault) {
    Object.assign(mine, {busy: false, fault});
    changed();
  }
}

function up(element) {
  element.showModal();
  const first = element.querySelector('[data-first]') ?? element.querySelector('.cancel');
  first?.focus();
}

/// The dialog, if one is open.
export function dialog() {
  if (!open) return null;
  const {title, verb, grave, lines, body, able, busy, fault} = open;
  const why = able?.() ?? '';
  return h('dialog', {key: 'dialog', ref: up, 'aria-labelledby': 'dialog-title', class: grave?.() && 'grave',
    oncancel: (event) => {
      event.preventDefault();
      close();
    }},
  h('form', {method: 'dialog', onsubmit: act},
    h('h2', {id: 'dialog-title'}, title),
    lines && h('ul.effects', null, lines().map((line) => h('li', null, line))),
    body?.(),
    refusal(fault),
    h('div.deeds', null,
      why && h('p.hint', null, why),
      button(verb ? 'Cancel' : 'Close', close, {class: 'cancel'}),
      verb && h('button', {type: 'submit', class: grave?.() ? 'danger' : 'main', disabled: busy || why !== ''}, busy ? 'Waiting for the director …' : verb))));
}
