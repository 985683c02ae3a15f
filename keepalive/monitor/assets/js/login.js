// Signing in: as a page of its own, and over the page when a session is over.
import {post} from './api.js';
import {focused, h, say} from './dom.js';
import {changed, enter, state} from './store.js';
import {countdown} from './text.js';

const form = {user: '', password: '', fault: '', busy: false, until: 0};

const left = () => Math.max(0, (form.until - Date.now()) / 1000);

async function submit(event) {
  event.preventDefault();
  if (form.busy || left() > 0) return;
  Object.assign(form, {busy: true, fault: ''});
  changed();
  try {
    const session = await post('/api/login', {user: form.user, password: form.password});
    form.password = '';
    await enter(session);
    say(`Signed in as ${session.user}, ${session.role}.`);
  } catch (fault) {
    form.fault = fault.message;
    form.password = '';
    if (fault.wait) form.until = Date.now() + fault.wait * 1000;
    say(fault.message);
  }
  form.busy = false;
  changed();
}

const typed = (name) => (event) => {
  form[name] = event.target.value;
};

function fields() {
  const wait = left();
  return h('form.login', {onsubmit: submit},
    h('div.field', null, h('label', {for: 'user'}, 'Name'),
      h('input', {id: 'user', name: 'user', autocomplete: 'username', required: true, value: form.user, oninput: typed('user'), ref: focused, spellcheck: 'false', autocapitalize: 'none'})),
    h('div.field', null, h('label', {for: 'password'}, 'Password'),
      h('input', {id: 'password', name: 'password', type: 'password', autocomplete: 'current-password', required: true, value: form.password, oninput: typed('password')})),
    (form.fault || wait > 0) && h('p.complaint', {role: 'alert'}, form.fault, wait > 0 && ` Try again in ${countdown(wait)}.`),
    h('button.main', {type: 'submit', disabled: form.busy || wait > 0}, form.busy ? 'Signing in …' : 'Sign in'));
}

/// The page before there is a session.
export const loginPage = () =>
  h('main.door', {id: 'main', tabindex: -1, key: 'door'},
    h('div.card', null, h('img', {src: '/icon.svg', alt: '', width: 40, height: 40}), h('h1', null, 'keepalive monitor'),
      h('p.hint', null, location.host), state.fault && h('p.complaint', {role: 'alert'}, state.fault.message), fields()));

/// Over what was shown last, which stays to be read.
export const sessionOver = () =>
  h('dialog', {key: 'over', 'aria-labelledby': 'over-title', ref: (element) => element.showModal(), oncancel: (event) => event.preventDefault()},
    h('h2', {id: 'over-title'}, 'Your session is over'),
    h('p.hint', null, 'The page behind is as it was when it ended; it is not live. Sign in to go on where you are.'), fields());
