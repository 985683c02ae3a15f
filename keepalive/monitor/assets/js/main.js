// Where the page begins: addresses to views, and drawing them when something changes.
import {open as alerts} from './alerts.js';
import {open as cluster} from './cluster.js';
import {open as config} from './config.js';
import {open as connections} from './connections.js';
import {anyDirty} from './draft.js';
import {h, render} from './dom.js';
import {open as journal} from './journal.js';
import {listen} from './keyboard.js';
import {loginPage} from './login.js';
import {nothing, refusal, waiting} from './parts.js';
import {readRoute} from './route.js';
import {shell} from './shell.js';
import {atLeave, changed, resume, state, watch} from './store.js';
import {open as thing} from './thing.js';
import {named} from './words.js';

const views = {'': cluster, alerts, journal, connections, config, d: thing};

const root = document.getElementById('page');
let page = null;
let address = null;
let resumed = false;

function leavePage() {
  page?.close?.();
  page = null;
}

/// Opens the view of the address; the same view with another query goes on.
function turn() {
  const {parts, query} = readRoute(location.hash);
  const key = parts.join('\n');
  const stays = page && key === address && page.turn;
  if (stays) {
    page.turn(query);
    return changed();
  }
  leavePage();
  const moved = address !== null;
  address = key;
  if (state.session && state.cluster) page = named(views, parts[0] ?? '')?.(parts, query) ?? lost();
  if (moved && !query.state) scrollTo(0, 0);
  draw();
  if (moved) document.getElementById('main')?.focus({preventScroll: true});
}

const lost = () => ({title: () => 'No such page', view: () => [h('h1', null, 'No such page'), nothing('The address leads nowhere.'), h('p', null, h('a', {href: '#/'}, 'To the cluster'))]});

function content() {
  if (!state.cluster) return state.fault ? refusal(state.fault) : waiting('the cluster');
  try {
    return page.view();
  } catch (fault) {
    console.error(fault);
    return [h('h1', null, page.title()), h('p.complaint', {role: 'alert'}, 'This view failed; its fault stands in the browser\'s console. The other views go on.')];
  }
}

function draw() {
  if (!state.session) {
    leavePage();
    document.title = 'keepalive monitor';
    render(root, resumed ? loginPage() : h('main', {id: 'main', tabindex: -1}, waiting('the session')));
    return;
  }
  if (!page && state.cluster) {
    address = null;
    return turn();
  }
  document.title = `${page ? `${page.title()} · ` : ''}keepalive${state.link === 'live' ? '' : ' (not live)'}`;
  render(root, shell(page, content()));
}

watch(draw);
atLeave(leavePage);
addEventListener('hashchange', turn);
addEventListener('beforeunload', (event) => {
  if (anyDirty()) event.preventDefault();
});
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main')?.focus();
});
listen();
setInterval(changed, 1000);  // ages and count-downs go on
draw();
resume().finally(() => {
  resumed = true;
  draw();
});
