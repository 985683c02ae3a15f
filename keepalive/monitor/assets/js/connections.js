// Who has the connections: the agent's counts of its mirror, never the kernel's list.
import {get, of} from './api.js';
import {h} from './dom.js';
import {badge} from './marks.js';
import {choices, nothing, panel, refusal, table, waiting} from './parts.js';
import {directorOf} from './reduce.js';
import {leader} from './relate.js';
import {to} from './route.js';
import {source} from './source.js';
import {isLive, state} from './store.js';
import {count, counted} from './text.js';
import {wordOf} from './words.js';

const COUNTS = ['20', '50', '200'];

function serverLink(director, address) {
  const found = [...(director?.servers ?? [])].find(([name]) => name.endsWith(`/${address}`));
  if (!found) return h('span.mono', null, address);
  const [pool] = found[0].split('/', 1);
  return h('a.mono', {href: to.server(director.name, pool, found[1][0])}, address);
}

function top(page, director) {
  const {value, fault, refresh} = page.top;
  const {by} = page;
  const most = Math.max(1, ...(value?.top ?? []).map((one) => one.connections));
  const columns = [
    {name: by === 'client' ? 'Client' : 'Server', cell: (one) => (by === 'client' ? h('span.mono', null, one.client) : serverLink(director, one.server))},
    {name: 'Connections', numeric: true, cell: (one) => count(one.connections)},
    {name: 'Of the most', cell: (one) => h('svg.length', {viewBox: '0 0 160 8', preserveAspectRatio: 'none', 'aria-hidden': 'true'}, h('rect', {width: 160, height: 8, class: 'ground'}), h('rect', {width: Math.max(1, (one.connections / most) * 160), height: 8, class: 'part'}))},
  ];
  return panel(`Most connections by ${by}`, {key: 'top'}, refusal(fault, refresh),
    value ? [h('p.hint', null, `${counted(value.different, `different ${by}`)}; the first ${value.top.length}`), table(`Most connections by ${by}`, columns, value.top, (one) => one[by])] : !fault && waiting('the connections'));
}

function lacking(page) {
  const {value, fault, refresh} = page.differences;
  const columns = [
    {name: 'Protocol', cell: (one) => one.protocol}, {name: 'Client', class: 'mono', cell: (one) => one.client}, {name: 'Service', class: 'mono', cell: (one) => one.virtual},
    {name: 'Server', class: 'mono', cell: (one) => one.server}, {name: 'State', cell: (one) => one.state},
  ];
  const one = (peer) => h('div', {key: peer.peer}, h('p.hint', null, `${counted(peer.only_here.length, 'connection')} not at `, h('span.mono', null, peer.peer), `, ${count(peer.only_there)} only there, as of the last comparison`),
    peer.only_here.length > 0 && table(`Not at ${peer.peer}`, columns, peer.only_here, (row) => `${row.protocol} ${row.client} ${row.virtual}`));
  return panel('Only on one director', {key: 'differences'}, refusal(fault, refresh),
    value ? (value.peers.length ? value.peers.map(one) : nothing('There is no peer.')) : !fault && waiting('the differences'));
}

function doctor(page) {
  const found = page.doctor.value?.findings ?? [];
  if (!found.length) return null;
  return panel('What keeps connections from being copied', {key: 'doctor'}, h('ul.bare', null, found.map((one) => h('li', {key: one.what}, badge(wordOf('level', one.fatal ? 'fault' : 'warning')), ` ${one.what}`, h('p.hint.mono', null, one.remedy)))));
}

function view(page) {
  const director = directorOf(state.cluster, page.director);
  const turn = (query) => (location.hash = to.connections({director: page.director, by: page.by, count: page.count, ...query}));
  return [h('h1', {key: 'title'}, 'Connections'),
    h('div.tools', {key: 'tools'},
      state.cluster.directors.length > 1 && choices('Director', state.cluster.directors.map((one) => [one.name, `as ${one.name} knows them`]), page.director, (name) => turn({director: name})),
      choices('By', [['client', 'By client'], ['server', 'By server']], page.by, (by) => turn({by})),
      choices('How many', COUNTS.map((number) => [number, `First ${number}`]), page.count, (number) => turn({count: number}))),
    director?.overview?.sync === null ? h('div', {key: 'none'}, nothing(`${page.director} has no [sync] section: there is no agent that knows its connections.`))
      : h('div.columns', {key: 'tables'}, h('div.column.wide', null, top(page, director)), h('div.column', null, doctor(page), lacking(page)))];
}

export function open(parts, query) {
  const director = query.director ?? leader(state.cluster)?.name;
  const by = query.by === 'server' ? 'server' : 'client';
  const many = COUNTS.includes(query.count) ? query.count : COUNTS[0];
  const page = {director, by, count: many, title: () => 'Connections', nav: 'connections'};
  const able = () => isLive() && Boolean(directorOf(state.cluster, director)?.reachable && directorOf(state.cluster, director).overview?.sync);
  page.top = source(() => get(`${of(director, 'sync', 'connections')}?by=${by}&count=${many}`), 5000, able);
  page.differences = source(() => get(of(director, 'sync', 'differences')), 15000, able);
  page.doctor = source(() => get(of(director, 'sync', 'doctor')), 30000, able);
  page.view = () => view(page);
  page.close = () => [page.top, page.differences, page.doctor].forEach((one) => one.stop());
  return page;
}
