// A small cluster of two directors, as the server gives it.
import {model} from '../../../keepalive/monitor/assets/js/reduce.js';

const server = (name, state = 'up', weight = 100, overlay = null, active = 10, inactive = 20) => [name, state, 1000, weight, overlay, active, inactive];

const router = (name, state, priority) => ({name, interface: 'eth0', id: 80, priority, effective_priority: priority, group: 'both', state, since: '2026-11-24T09:00:00.000000Z',
  cause: '', addresses: ['192.0.2.80', '192.0.2.81'], address_count: 2, master: null, faults: [], partition_since: null, rival: false, yielded: false});

function overview(state, priority) {
  return {
    router_id: 'x', version: '1', time: '2026-11-24T10:00:00.000000Z', generation: 3, sequence: 7, config: {path: '/etc/k.conf', loaded: null, fault: null, pending: null},
    services: [
      {name: 'web', keys: ['TCP 192.0.2.80:80'], scheduler: 'wlc', forward: 'dr', pool: 'web', state: 'up', active: 30, inactive: 60, rates: state === 'master' ? [50, 1, 1, 1000, 0] : [0, 0, 0, 0, 0]},
      {name: 'mail', keys: ['TCP 192.0.2.81:25'], scheduler: 'rr', forward: 'nat', pool: 'mail', state: 'up', active: 10, inactive: 20, rates: null},
    ],
    pools: [
      {name: 'web', quorum: 150, weight_up: 300, state: 'up', servers: [server('a'), server('b'), server('c')], sorry: null},
      {name: 'mail', quorum: 1, weight_up: 100, state: 'up', servers: [server('10.0.0.9:25')], sorry: ['10.0.0.99:25', false]},
    ],
    vrrp: [router('outside', state, priority), {...router('inside', state, priority), id: 81}],
    heartbeats: [{name: 'cable', place: 'eth2', state: 'up', since: null}], witnesses: [],
    sync: {interface: 'eth1', id: 80, follow: 'outside', daemons: [{role: state, wanted: true, runs: true}], connected: true, parity_permille: 998, resync: 'done', synced: true, lag_us: null},
    alerts: [],
  };
}

export const answer = () => ({allow: 'configure', directors: [
  {name: 'lvs1', local: true, reachable: true, error: '', heard: null, overview: overview('master', 200)},
  {name: 'lvs2', local: false, reachable: true, error: '', heard: null, overview: overview('backup', 100)},
]});

export const cluster = (now = 100) => model(answer(), now);
