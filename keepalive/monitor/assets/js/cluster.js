// The first page: what is wrong, the picture, and all services in a list that is drawn where one looks.
import {h} from './dom.js';
import {chosenServices} from './filter.js';
import {keeper} from './keep.js';
import {badge, serverBadge, stateBadge} from './marks.js';
import {picture} from './picture.js';
import {ACTIVE, INACTIVE, NAME, OVERLAY, SINCE, STATE, WEIGHT, freshness} from './reduce.js';
import {carrier, leader, problems, rankOf, tally} from './relate.js';
import {to} from './route.js';
import {age, bits, count, counted, short} from './text.js';
import {changed, isLive, lookAt, now, state} from './store.js';
import {panel, nothing, select} from './parts.js';
import {serverWord, wordOf} from './words.js';
import {windowed} from './windowed.js';

const NARROW = 720;
const MOST_PROBLEMS = 6;
const MEANT = 2;  // rank of what an operator asked for: not loud
const ROW = {wide: 40, narrow: 64, server: 30, serverNarrow: 48};

const look = {filter: '', order: 'trouble', open: new Set(), width: 0, all: false};
let list = windowed();
const drawn = keeper();
const told = keeper();

const places = {
  director: (one) => to.director(one.director), config: (one) => to.config(one.director),
  service: (one) => to.service(one.director, one.parts[0]), server: (one) => to.server(one.director, ...one.parts),
  vrrp: (one) => to.vrrp(one.director, one.parts[0]), heartbeat: (one) => to.heartbeat(one.director, one.parts[0]),
  sync: (one) => to.sync(one.director),
};

const kinds = {director: 'director', config: 'configuration', service: 'service', server: 'server', vrrp: 'virtual router', heartbeat: 'heartbeat', sync: 'sync'};

function problemRow(one, time, several) {
  const general = one.kind !== 'service' && one.kind !== 'server';
  return h('li', {key: `${one.director} ${one.kind} ${one.name} ${one.word.word}`},
    h('a.problem', {href: places[one.kind](one)}, badge(one.word),
      h('span.kind', null, kinds[one.kind]), h('span.mono.name', null, one.kind === 'sync' ? '' : one.name),
      several && general && one.kind !== 'director' && h('span.kind', null, `on ${one.director}`),
      h('span.text', null, one.text || (one.server && `${counted(one.server[ACTIVE] + one.server[INACTIVE], 'connection')} left`)), one.since && h('span.age', null, age(one.since, time))));
}

function trouble(time) {
  const all = problems(state.cluster, time);
  if (!all.length) return h('p.calm', {key: 'calm'}, badge(isLive() ? {...wordOf('director', 'live'), word: 'Nothing is wrong'} : {...wordOf('director', 'stale'), word: 'Nothing was wrong when it was last heard'}));
  const shown = look.all ? all : all.slice(0, MOST_PROBLEMS);
  const several = state.cluster.directors.length > 1;
  const mild = all.every((one) => one.word.rank <= MEANT);
  return h('section.trouble', {key: 'trouble', class: mild ? 'mild' : null, 'aria-label': 'What is wrong'},
    h('h2', null, counted(all.length, 'thing'), ' to look at'),
    h('ul', null, shown.map((one) => problemRow(one, time, several))),
    all.length > MOST_PROBLEMS && h('button.plain', {type: 'button', 'aria-expanded': String(look.all), onclick: () => {
      look.all = !look.all;
      changed();
    }}, look.all ? 'Show the worst only' : `Show ${all.length - MOST_PROBLEMS} more`));
}

function pictureFrame(time) {
  const measure = (element) => {
    const watcher = new ResizeObserver(([entry]) => {
      if (Math.abs(entry.contentRect.width - look.width) < 1) return;
      look.width = entry.contentRect.width;
      changed();
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  };
  return h('div.picture-frame', {key: 'picture', ref: measure}, look.width > 0 && drawn([state.cluster, look.width, Math.floor(time)], () => picture(state.cluster, look.width - 4, time)));
}

/// A crowd of servers as one small drawing.
function crowd(pool) {
  const step = pool.servers.length > 24 ? 4 : 7;
  const tall = (word) => (word.rank ? 'M0 0' : `v14h${step - 2}v-14z`);
  const tones = new Map();
  pool.servers.forEach((server, i) => {
    const word = serverWord(server[STATE], server[OVERLAY]);
    const x = i * step;
    const path = word.rank ? `M${x} 1h${step - 2}M${x} 13h${step - 2}M${x + (step - 2) / 2} 1v12` : `M${x} 0${tall(word)}`;
    const key = `${word.tone} ${word.rank ? 'stroked' : 'filled'}`;
    tones.set(key, (tones.get(key) ?? '') + path);
  });
  const width = Math.min(pool.servers.length, 40) * step;
  return h('svg.crowd', {width, height: 14, viewBox: `0 0 ${width} 14`, 'aria-hidden': 'true'},
    [...tones].map(([key, d]) => h('path', {d, class: `tone-${key}`, key})));
}

function toggle(name) {
  if (look.open.has(name)) look.open.delete(name);
  else look.open.add(name);
  changed();
}

const cell = (className, ...children) => h(`span.${className}`, {role: 'cell'}, ...children);

function serverRow(director, pool, server) {
  return h('div.server-row', {role: 'row', key: server[NAME]},
    cell('state', serverBadge(server[STATE], server[OVERLAY])),
    cell('name', h('a.mono', {href: to.server(director.name, pool.name, server[NAME])}, server[NAME])),
    cell('since', `for ${age(server[SINCE], now())}`),
    cell('weight', `weight ${server[WEIGHT] ?? '–'}`),
    cell('figure', `${count(server[ACTIVE])} active`), cell('figure faint', `${count(server[INACTIVE])} inactive`));
}

function serviceRow(director, service, index) {
  const pool = director.pools.get(service.pool);
  const told = carrier(state.cluster, service.name)?.services.get(service.name) ?? service;
  const [cps, , , inbps, outbps] = told.rates ?? [];
  const sum = pool ? tally(pool) : {up: 0, all: 0};
  const open = look.open.has(service.name);
  const rank = rankOf(director, service);
  return h('div.service', {key: service.name, role: 'rowgroup', class: rank > MEANT ? 'ill' : rank ? 'ill mild' : null},
    h('div.service-row', {role: 'row', 'aria-rowindex': index + 2, 'data-row': true},
      cell('fold', h('button.fold', {type: 'button', 'aria-expanded': String(open), 'aria-label': `servers of ${service.name}`, onclick: () => toggle(service.name)}, open ? '▾' : '▸')),
      cell('state', stateBadge('service', service.state)),
      cell('name', h('a', {href: to.service(director.name, service.name)}, service.name), h('span.mono.keys', null, service.keys[0], service.keys.length > 1 && ` +${service.keys.length - 1}`)),
      cell('how', `${service.scheduler} · ${service.forward}`),
      cell('servers', pool && crowd(pool), h('span', {class: rank ? 'strong' : null}, `${sum.up}/${sum.all} up`)),
      cell('figure', count(told.active)), cell('figure', short(cps)), cell('figure wide', bits(inbps)), cell('figure wide', bits(outbps))),
    open && pool?.servers.map((server) => serverRow(director, pool, server)));
}

const rows = new WeakMap();

/// The row as it was while nothing was told: scrolling draws the rows that come in, and no others.
function keptRow(director, service, index) {
  if (!rows.has(service)) rows.set(service, keeper());
  const open = look.open.has(service.name);
  if (open) lookAt(service.pool);
  return rows.get(service)([state.cluster, index, open, open && Math.floor(now())], () => serviceRow(director, service, index));
}

function tools(found, all) {
  return h('div.tools', {key: 'tools'}, h('h2', {id: 'services'}, 'Services'),
    h('label.unseen', {for: 'filter'}, 'Filter services'),
    h('input.filter', {id: 'filter', type: 'search', placeholder: 'Filter: name, address, server, state:down', value: look.filter, spellcheck: 'false', autocomplete: 'off', oninput: (event) => {
      look.filter = event.target.value;
      changed();
    }}),
    h('label.unseen', {for: 'order'}, 'Order'),
    select([['trouble', 'troubled first'], ['name', 'by name'], ['active', 'by connections'], ['rate', 'by new connections']], look.order, (value) => {
      look.order = value;
      changed();
    }, {id: 'order'}),
    h('span.hint', {role: 'status'}, found === all ? counted(all, 'service') : `${count(found)} of ${count(all)} services`));
}

const heads = ['', 'State', 'Service', 'How', 'Servers', 'Active', 'New/s', 'In', 'Out'];
const headClass = ['fold', 'state', 'name', 'how', 'servers', 'figure', 'figure', 'figure.wide', 'figure.wide'];

const sorted = keeper();

/// Sorted by figures, rows change places seldom: a list that jumps cannot be read.
function chosen(director) {
  const byFigures = look.order === 'active' || look.order === 'rate';
  const turn = byFigures ? Math.floor(performance.now() / 5000) : 0;
  const names = sorted([director.name, look.filter, look.order, state.cluster.shape, turn],
    () => chosenServices(director, look.filter, look.order).map((one) => one.name));
  return names.map((name) => director.services.get(name)).filter(Boolean);
}

function services(director) {
  const found = chosen(director);
  const narrow = innerWidth < NARROW;
  const height = (service) => {
    const inner = look.open.has(service.name) ? director.pools.get(service.pool)?.servers.length ?? 0 : 0;
    return (narrow ? ROW.narrow : ROW.wide) + inner * (narrow ? ROW.serverNarrow : ROW.server) + (inner ? 8 : 0);
  };
  return h('section.services', {key: 'services', 'aria-labelledby': 'services'}, tools(found.length, director.services.size),
    h('div', {role: 'table', 'aria-label': `Services as ${director.name} sees them`, 'aria-rowcount': found.length + 1},
      h('div', {role: 'rowgroup'}, h('div.service-head', {role: 'row', 'aria-rowindex': 1}, heads.map((name, i) => h(`span.${headClass[i]}`, {role: 'columnheader'}, name || h('span.unseen', null, 'Unfold'))))),
      list.view(found, height, (service, index) => keptRow(director, service, index), {role: 'presentation'})),
    found.length === 0 && nothing('No service is like that.'));
}

export function open(parts, query) {
  list = windowed();
  const page = {
    title: () => 'Cluster', nav: 'cluster', close: () => {},
    turn: (asked) => {
      if (asked.state === 'all') setTimeout(() => document.getElementById('services')?.scrollIntoView(), 60);
      if (asked.q !== undefined) look.filter = asked.q;
    },
    view: () => {
      const time = now();
      const lead = leader(state.cluster);
      const aged = lead && freshness(lead, time) !== 'live';
      const wrong = told([state.cluster, look.all, isLive(), Math.floor(time)], () => trouble(time));
      return [h('h1.unseen', {key: 'title'}, 'Cluster'), wrong, pictureFrame(time),
        lead?.overview ? h('div', {key: 'list', class: aged ? 'aged' : null}, services(lead)) : panel('Services', {key: 'none'}, nothing('No director tells of its services.'))];
    },
  };
  page.turn(query);
  return page;
}
