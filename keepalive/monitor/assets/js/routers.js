// Pages of virtual routers, heartbeat lines and connection sync.
import {get, of} from './api.js';
import {routerActs} from './act.js';
import {h} from './dom.js';
import {badge, stateBadge} from './marks.js';
import {nothing, panel, refusal, table, waiting} from './parts.js';
import {linesBetween} from './layout.js';
import {elsewhere, groupOf} from './relate.js';
import {to} from './route.js';
import {now, state} from './store.js';
import {age, count, latency, permille} from './text.js';
import {syncState, wordOf} from './words.js';

const routerLink = (director, router) => h('a', {href: to.vrrp(director.name, router.name)}, router.name);

function everywhere(director, router) {
  const rows = [{director, router}, ...elsewhere(state.cluster, director.name, router)];
  const columns = [
    {name: 'Director', cell: (one) => h('a', {href: to.vrrp(one.director.name, one.router.name)}, one.director.name)},
    {name: 'State', cell: (one) => stateBadge('vrrp', one.router.state)},
    {name: 'For', cell: (one) => age(one.router.since, now())},
    {name: 'Priority', numeric: true, cell: (one) => (one.router.effective_priority === one.router.priority ? one.router.priority : `${one.router.effective_priority} (file: ${one.router.priority})`)},
    {name: 'Cause', class: 'evidence', cell: (one) => one.router.cause},
  ];
  return panel('On each director', {key: 'sides'}, table(`Virtual router ${router.name} on each director`, columns, rows, (one) => one.director.name));
}

function troubles(router) {
  const told = router.faults.map((fault) => ({word: wordOf('vrrp', 'fault'), text: fault.reason, since: fault.since}));
  if (router.rival) told.push({word: {...wordOf('vrrp', 'fault'), word: 'two masters'}, text: 'another master is heard: it does not hear this one, or does not give way'});
  if (router.partition_since) told.push({word: {...wordOf('vrrp', 'fault'), word: 'partition'}, text: 'a heartbeat says that another master lives', since: router.partition_since});
  if (!told.length) return null;
  return panel('Against it', {key: 'against'}, h('ul.bare', null, told.map((one) => h('li', {key: one.text}, badge(one.word), ` ${one.text}`, one.since && `, for ${age(one.since, now())}`))));
}

export const routerPage = {
  kind: 'virtual router',
  find: (director, [name]) => director.overview?.vrrp.find((one) => one.name === name) ?? null,
  object: ([name]) => name,
  word: (router) => wordOf('vrrp', router.state),
  since: (router) => router.since,
  acts: (router, director) => routerActs(director, router),
  facts: (router, director) => {
    const group = groupOf(director, router);
    const asked = director.overview.witnesses.filter((one) => one.interface === router.interface);
    return [
      ['Cause', router.cause], ['Interface', h('span.mono', null, router.interface)], ['Id', router.id], ['Addresses', h('ul.bare', null, router.addresses.map((one) => h('li.mono', {key: one}, one)), router.address_count > router.addresses.length && h('li', {key: 'more'}, `and ${count(router.address_count - router.addresses.length)} more`))],
      ['Priority', router.effective_priority === router.priority ? router.priority : `advertises ${router.effective_priority}, ${router.priority} in the file`],
      ['Group', router.group && h('span', null, router.group, group.length > 0 && [' with ', group.map((one, i) => [i > 0 && ', ', routerLink(director, one)])])],
      ['Heard last', router.state !== 'master' && router.master && h('span', null, h('span.mono', null, router.master.address), `, priority ${router.master.priority}`)],
      ['Operator said', router.yielded && 'backup: it takes over from nobody whom it hears'],
      ['Witnesses', asked.length > 0 && h('ul.bare', null, asked.map((one) => h('li', {key: one.name}, `${one.name}: `, one.answered_at ? `answered ${age(one.answered_at, now())} ago` : 'has not answered')))],
      ['Follows it', director.overview.sync?.follow === router.name && h('a', {href: to.sync(director.name)}, 'connection sync')],
    ];
  },
  body: (router, director) => [troubles(router), everywhere(director, router)],
};

export const heartbeatPage = {
  kind: 'heartbeat line', explains: false,
  find: (director, [name]) => director.overview?.heartbeats.find((one) => one.name === name) ?? null,
  object: ([name]) => name,
  word: (line) => wordOf('heartbeat', line.state),
  since: (line) => line.since,
  facts: (line, director) => [['Place', h('span.mono', null, line.place)],
    ['What it is for', 'The directors hear each other here, too: a backup that no longer hears its master by VRRP knows by this line whether it lives.'],
    ['Other lines', h('ul.bare', null, director.overview.heartbeats.filter((one) => one.name !== line.name).map((one) => h('li', {key: one.name}, h('a', {href: to.heartbeat(director.name, one.name)}, one.name), ' ', stateBadge('heartbeat', one.state))))]],
  body: (line) => {
    const ends = linesBetween(state.cluster.directors).find(({name}) => name === line.name)?.ends ?? [];
    const columns = [
      {name: 'End', cell: (one) => h('a', {href: to.heartbeat(one.director.name, line.name)}, one.director.name)},
      {name: 'Hears the other', cell: (one) => stateBadge('heartbeat', one.line.state)},
      {name: 'For', cell: (one) => age(one.line.since, now())},
      {name: 'Place', class: 'evidence mono', cell: (one) => one.line.place},
    ];
    return panel('Both ends', {key: 'ends'}, table('Both ends of the line', columns, ends, (one) => one.director.name));
  },
};

function peers(told) {
  const columns = [
    {name: 'Peer', cell: (one) => [h('span.mono', null, one.peer), one.host && ` (${one.host})`]},
    {name: 'Agent', cell: (one) => (one.connected ? badge({...wordOf('heartbeat', 'up'), word: 'connected'}) : badge({...wordOf('sync', 'apart'), word: 'not connected'}, one.fault))},
    {name: 'On both', numeric: true, cell: (one) => (one.parity ? `${one.parity.percent.toFixed(1)} %` : '–')},
    {name: 'Only here', numeric: true, cell: (one) => count(one.parity?.only_here)},
    {name: 'Only there', numeric: true, cell: (one) => count(one.parity?.only_there)},
    {name: 'Compared', cell: (one) => (one.parity ? `${Math.round(one.parity.age_ms / 1000)} s ago` : '–')},
    {name: 'Complete copy', cell: (one) => `${one.resync}${one.resynced ? `, ${count(one.resynced)}` : ''}`},
    {name: 'Relay', cell: (one) => (one.relay ? `${one.relay.up ? 'up' : 'down'}, ${latency(one.relay.lag_us)} behind` : 'none')},
  ];
  return table('Peers of connection sync', columns, told.peers, (one) => one.peer);
}

export const syncPage = {
  kind: 'connection sync',
  find: (director) => director.overview?.sync ?? null,
  object: () => 'sync',
  title: () => 'sync',
  word: (sync) => wordOf('sync', syncState(sync)),
  details: (director) => get(of(director, 'sync', 'status')),
  every: 5000,
  facts: (sync, director, {details}) => [
    ['Daemons', h('ul.bare', null, sync.daemons.filter((one) => one.wanted || one.runs).map((one) => h('li', {key: one.role}, badge(one.runs ? {...wordOf('heartbeat', 'up'), word: 'runs'} : wordOf('sync', 'stopped')), ` ${one.role}`)))],
    ['Interface', h('span.mono', null, sync.interface)], ['Id', sync.id],
    ['Follows', director.overview.vrrp.some((one) => one.name === sync.follow) ? h('a', {href: to.vrrp(director.name, sync.follow)}, sync.follow) : sync.follow],
    ['On both directors', permille(sync.parity_permille)], ['Lag of relays', sync.lag_us !== null && latency(sync.lag_us)], ['Complete copy', sync.resync],
    ['Connections known', count(details.value?.connections)], ['Given to the kernel', details.value && `${count(details.value.given)}, ${count(details.value.waiting)} waiting, ${count(details.value.dropped)} dropped`],
    ['More', h('a', {href: to.connections({director: director.name})}, 'who has these connections')],
  ],
  body: (sync, director, {details}) => panel('Peers', {key: 'peers'}, refusal(details.fault, details.refresh),
    details.value ? [details.value.faults.map((fault) => h('p.complaint', {key: fault}, fault)), details.value.peers.length ? peers(details.value) : nothing('It has no peer.')] : !details.fault && waiting('its peers')),
};

