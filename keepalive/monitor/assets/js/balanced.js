// Pages of virtual services, pools and servers.
import {get, of} from './api.js';
import {serverActs} from './act.js';
import {h} from './dom.js';
import {badge, serverBadge, stateBadge} from './marks.js';
import {link, panel, refusal, table, waiting} from './parts.js';
import {ACTIVE, INACTIVE, NAME, OVERLAY, SINCE, STATE, WEIGHT} from './reduce.js';
import {servicesOf, tally} from './relate.js';
import {to} from './route.js';
import {lookAt, now} from './store.js';
import {age, bits, count, counted, epoch, latency, short, span} from './text.js';
import {serverWord, wordOf} from './words.js';

const share = (part, all) => (all > 0 ? `${Math.round((100 * part) / all)} %` : '–');

/// How much of the pool's connections a server has, as a bar and a number.
function shareBar(active, all) {
  const width = all > 0 ? Math.round((active / all) * 60) : 0;
  return h('span.share', null, h('svg', {width: 60, height: 8, 'aria-hidden': 'true'}, h('rect', {width: 60, height: 8, rx: 2, class: 'ground'}), h('rect', {width, height: 8, rx: 2, class: 'part'})), h('span', null, share(active, all)));
}

function serverTable(director, pool) {
  lookAt(pool.name);
  const {active} = tally(pool);
  const columns = [
    {name: 'Server', cell: (one) => h('a.mono', {href: to.server(director.name, pool.name, one[NAME])}, one[NAME])},
    {name: 'State', cell: (one) => serverBadge(one[STATE], one[OVERLAY])},
    {name: 'For', cell: (one) => age(one[SINCE], now())},
    {name: 'Weight', numeric: true, cell: (one) => one[WEIGHT] ?? '–'},
    {name: 'Active', numeric: true, cell: (one) => count(one[ACTIVE])},
    {name: 'Inactive', numeric: true, cell: (one) => count(one[INACTIVE])},
    {name: 'Share', cell: (one) => shareBar(one[ACTIVE], active)},
  ];
  const sorry = pool.sorry && h('p', null, 'Sorry server ', h('span.mono', null, pool.sorry[0]), pool.sorry[1] ? h('strong', null, ' serves: the quorum is lost.') : ' stands by.');
  return panel('Servers', {key: 'servers'}, table(`Servers of pool ${pool.name}`, columns, pool.servers, (one) => one[NAME]), sorry);
}

const poolFacts = (pool) => {
  const sum = tally(pool);
  return [['Servers', `${sum.up} of ${sum.all} up, ${counted(sum.taking, 'takes', 'take')} new connections`], ['Weight up', `${count(pool.weight_up)}, quorum ${count(pool.quorum)}`]];
};

const routersThat = (director) => director.overview.vrrp.map((router, i) => [i > 0 && ', ', h('a', {href: to.vrrp(director.name, router.name)}, router.name), ` (${router.state})`]);

export const servicePage = {
  kind: 'virtual service', plots: true,
  find: (director, [name]) => director.services.get(name) ?? null,
  object: ([name]) => name,
  word: (service) => wordOf('service', service.state),
  facts: (service, director) => {
    const [cps, inpps, outpps, inbps, outbps] = service.rates ?? [];
    const pool = director.pools.get(service.pool);
    return [
      ['Addresses', h('ul.bare', null, service.keys.map((key) => h('li.mono', {key}, key)))],
      ['Scheduler', service.scheduler], ['Forwarding', service.forward],
      ['Pool', link(pool && to.pool(director.name, pool.name), service.pool)], ...(pool ? poolFacts(pool) : []),
      ['Active', count(service.active)], ['Inactive', count(service.inactive)], ['New a second', short(cps)],
      ['From clients', `${bits(inbps)}, ${short(inpps)} packets/s`], ['To clients', outbps ? `${bits(outbps)}, ${short(outpps)} packets/s` : 'not through the director'],
      ['Virtual routers here', director.overview.vrrp.length > 0 && h('span', null, routersThat(director))],
    ];
  },
  body: (service, director) => {
    const pool = director.pools.get(service.pool);
    return pool && serverTable(director, pool);
  },
};

export const poolPage = {
  kind: 'pool', plots: true,
  find: (director, [name]) => director.pools.get(name) ?? null,
  object: ([name]) => name,
  word: (pool) => wordOf('pool', pool.state),
  facts: (pool, director) => {
    const used = servicesOf(director, pool.name);
    return [...poolFacts(pool), ['Active', count(tally(pool).active)],
      ['Used by', used.length ? h('ul.bare', null, used.map((one) => h('li', {key: one.name}, h('a', {href: to.service(director.name, one.name)}, one.name), ' ', stateBadge('service', one.state)))) : 'no virtual service: it is not probed']];
  },
  body: (pool, director) => serverTable(director, pool),
};

function checks(asked) {
  const columns = [
    {name: 'Check', cell: (one) => [h('span.mono', null, one.name), one.aspect && h('span.faint', null, ` of ${one.aspect}`)]},
    {name: 'State', cell: (one) => (one.unable ? badge({...wordOf('level', 'warning'), word: 'unable'}) : stateBadge('server', one.state))},
    {name: 'For', cell: (one) => age(one.since, now())},
    {name: 'Latency', numeric: true, cell: (one) => latency(one.latency_us)},
    {name: 'Failed', numeric: true, cell: (one) => `${count(one.failures)} of ${count(one.runs)}`},
    {name: 'Against', numeric: true, cell: (one) => count(one.against)},
    {name: 'Found', class: 'evidence', cell: (one) => one.unable || one.evidence},
  ];
  const told = asked.value?.checks ?? [];
  return panel('Checks', {key: 'checks'}, refusal(asked.fault, asked.refresh),
    asked.value ? (told.length ? table('Checks', columns, told, (one) => `${one.name} ${one.aspect}`) : h('p.nothing', null, 'No check: it counts as up.')) : !asked.fault && waiting('its checks'));
}

function overlayText(told) {
  if (!told?.overlay) return told?.quiescent ? 'came back and waits for undrain' : null;
  const {kind, weight, deadline, gone} = told.overlay;
  if (kind === 'weight') return `weight ${weight}`;
  if (kind === 'disable') return 'disabled: out of the table';
  if (gone) return 'drained: out of the table';
  return deadline ? `drains for ${span(epoch(deadline) - now())} more at most` : 'drains until no connection is left';
}

export const serverPage = {
  kind: 'server', plots: true,
  find: (director, [pool, name]) => director.servers.get(`${pool}/${name}`) ?? null,
  object: ([pool, name]) => `${pool}/${name}`,
  word: (server) => serverWord(server[STATE], server[OVERLAY]),
  since: (server) => server[SINCE],
  details: (director, [pool, name]) => get(of(director, 'servers', `${pool}/${name}`)),
  every: 2000,
  acts: (server, director, {names: [pool, name]}) => serverActs({director: director.name, pool, server: name}, server),
  facts: (server, director, {names: [name], details}) => {
    lookAt(name);
    const pool = director.pools.get(name);
    const told = details.value;
    const weight = server[WEIGHT] ?? 'not in the table';
    return [
      ['Address', told && h('span.mono', null, told.port ? `${told.address}:${told.port}` : told.address)],
      ['Checks say', server[OVERLAY] && stateBadge('server', server[STATE])], ['Operator said', overlayText(told)],
      ['Weight', told && told.weight !== server[WEIGHT] ? `${weight}, ${told.weight} in the file` : weight],
      ['Active', count(server[ACTIVE])], ['Inactive', count(server[INACTIVE])], ['Share of the pool', shareBar(server[ACTIVE], tally(pool).active)],
      ['Pool', h('a', {href: to.pool(director.name, name)}, name)], ['Pool now', stateBadge('pool', pool.state)],
      ['Serves', h('ul.bare', null, servicesOf(director, name).map((one) => h('li', {key: one.name}, h('a', {href: to.service(director.name, one.name)}, one.name), ' ', h('span.mono.faint', null, one.keys[0]))))],
    ];
  },
  body: (server, director, {details}) => checks(details),
};
