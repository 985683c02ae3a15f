// Dark, light, or as the system has it; kept by the browser.
import {say} from './dom.js';
import {recall, remember} from './memory.js';
import {changed} from './store.js';

const all = ['auto', 'dark', 'light'];

let current = all.includes(recall('theme')) ? recall('theme') : 'auto';

export const theme = () => current;

function show() {
  document.documentElement.dataset.theme = current;
}

export function turnTheme() {
  current = all[(all.indexOf(current) + 1) % all.length];
  remember('theme', current);
  show();
  say(`Colours: ${current === 'auto' ? 'as the system has them' : current}`);
  changed();
}

show();
