// Something that is asked of the server again and again while a page is open: its value, its age, its fault.
import {Fault} from './api.js';
import {changed, isLive} from './store.js';

/// {value, fault, busy, at}; refresh(), stop(). Keeps the last value through faults: who shows it tells its fault, too.
/// `able`: whether it makes sense to ask now. One question at a time: what is wanted meanwhile is asked once more after it.
export function source(fetcher, every = 0, able = isLive) {
  const own = {value: null, fault: null, busy: false, at: null, stopped: false};
  let timer = null;
  let again = false;
  const ask = async () => {
    try {
      own.value = await fetcher();
      own.at = Date.now();
      own.fault = null;
    } catch (fault) {
      own.fault = fault;
    }
  };
  own.refresh = async () => {
    again = true;
    if (own.busy) return;
    clearTimeout(timer);
    own.busy = true;
    while (again && !own.stopped) {
      again = false;
      await ask();
    }
    own.busy = false;
    if (own.stopped) return;
    changed();
    if (every) timer = setTimeout(next, every);
  };
  const next = () => {
    if (able()) own.refresh();
    else timer = setTimeout(next, 500);
  };
  own.stop = () => {
    own.stopped = true;
    clearTimeout(timer);
  };
  if (able()) {
    own.refresh();
  } else {
    own.fault = new Fault(0, {error: 'It cannot be asked now.'});
    next();
  }
  return own;
}
