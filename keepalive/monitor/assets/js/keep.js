// What was made of the same things is not made again: a page that scrolls draws often, a cluster changes seldom.

/// keep([things], make): what make() gave last, while all the things are the very same.
export function keeper() {
  let known = null;
  let value = null;
  return (things, make) => {
    if (!known || things.length !== known.length || things.some((thing, i) => thing !== known[i])) {
      value = make();
      known = things;
    }
    return value;
  };
}
