// Dark, light, or as the system has it; kept by the browser.
import {say} from './dom.js';
import {changed} from './store.js';

const all = ['auto', 'dark', 'light'];

function stored() {
  try {
    return localStorage.getItem('theme');
  } catch {
    return null;  // a browser that keeps nothing
  }
}

let current = all.includes(stored()) ? stored() : 'auto';

export const theme = () => current;

function show() {
  document.documentElement.dataset.theme = current;
}

export function turnTheme() {
  current = all[(all.indexOf(current) + 1) % all.length];
  try {
    localStorage.setItem('theme', current);
  } catch { /* a browser that keeps nothing */ }
  show();
  say(`Colours: ${current === 'auto' ? 'as the system has them' : current}`);
  changed();
}

show();
