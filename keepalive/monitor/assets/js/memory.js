// What the browser keeps for this page between visits; some keep nothing.

/// The value of a name; null: there is none; `without` where nothing is kept.
export function recall(name, without = null) {
  try {
    return localStorage.getItem(name);
  } catch {
    return without;
  }
}

/// null forgets it.
export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch { /* a browser that keeps nothing */ }
}
