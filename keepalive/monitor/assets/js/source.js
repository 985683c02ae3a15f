// Something that is asked of the server again and again while a page is open: its value, its age, its fault.
import {changed, isLive} from './store.js';

/// {value, fault, busy, at}; refresh(), stop(). Keeps the last value through faults: who shows it tells its fault, too.
export function source(fetcher, every = 0) {
  const own = {value: null, fault: null, busy: false, at: null, stopped: false};
  let timer = null;
  own.refresh = async () => {
    clearTimeout(timer);
    own.busy = true;
    try {
      own.value = await fetcher();
      own.at = Date.now();
      own.fault = null;
    } catch (fault) {
      own.fault = fault;
    }
    own.busy = false;
    if (own.stopped) return;
    changed();
    if (every) timer = setTimeout(() => (isLive() ? own.refresh() : wait()), every);
  };
  const wait = () => {
    timer = setTimeout(() => (isLive() ? own.refresh() : wait()), 500);
  };
  own.stop = () => {
    own.stopped = true;
    clearTimeout(timer);
  };
  own.refresh();
  return own;
}
