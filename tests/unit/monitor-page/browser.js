// As much of a browser as modules want that draw: nothing is drawn.
globalThis.document = {hidden: false, addEventListener() {}, getElementById: () => ({})};
globalThis.requestAnimationFrame = () => {};
