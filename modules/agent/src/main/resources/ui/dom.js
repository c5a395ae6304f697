// The page as a value: h() describes elements, render() brings a parent's children to that description. Elements that stay
// keep their focus and their place. Text goes in as text only; there is no way to hand markup over.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Describes an element.
 *
 * @param tag its name
 * @param given attributes; besides: `key` tells siblings apart, `on` has listeners, `vars` has custom properties of CSS,
 *     `props` has properties of the element. An attribute that is false, null or undefined is left out
 * @param children descriptions, texts and numbers; lists are flattened, null and false are left out
 */
export function h(tag, given = {}, ...children) {
  return { tag, given: given ?? {}, children: children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false) };
}

/** Makes the children of `parent` those described. */
export function render(parent, ...children) {
  patchChildren(parent, h('', {}, ...children).children);
}

function patchChildren(parent, wanted) {
  const keyed = new Map();
  for (const node of parent.childNodes) {
    if (node.sottoKey !== undefined) {
      keyed.set(node.sottoKey, node);
    }
  }
  let at = parent.firstChild;
  for (const want of wanted) {
    const key = want.given?.key;
    let node = key === undefined ? at : keyed.get(key);
    if (key === undefined && node && node.sottoKey !== undefined) {
      node = null;
    }
    if (!node || !fits(node, want)) {
      node = create(want, parent);
      parent.insertBefore(node, at);
    } else if (node !== at) {
      parent.insertBefore(node, at);
    } else {
      at = at.nextSibling;
    }
    patch(node, want);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function fits(node, want) {
  return typeof want === 'object'
    ? node.nodeType === Node.ELEMENT_NODE && node.sottoGiven !== undefined && node.localName === want.tag && node.sottoKey === want.given.key
    : node.nodeType === Node.TEXT_NODE;
}

function create(want, parent) {
  if (typeof want !== 'object') {
    return document.createTextNode('');
  }
  const svg = want.tag === 'svg' || (parent.namespaceURI === SVG && parent.localName !== 'foreignObject');
  const node = svg ? document.createElementNS(SVG, want.tag) : document.createElement(want.tag);
  node.sottoKey = want.given.key;
  node.sottoGiven = {};
  return node;
}

function patch(node, want) {
  if (typeof want !== 'object') {
    const text = String(want);
    if (node.data !== text) {
      node.data = text;
    }
    return;
  }
  const before = node.sottoGiven;
  const given = want.given;
  for (const name of new Set([...Object.keys(before), ...Object.keys(given)])) {
    if (name === 'key' || name === 'on' || name === 'vars' || name === 'props') {
      continue;
    }
    const value = given[name];
    if (value === before[name]) {
      continue;
    }
    if (value === undefined || value === null || value === false) {
      node.removeAttribute(name);
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const [name, value] of Object.entries(given.vars ?? {})) {
    if (before.vars?.[name] !== value) {
      node.style.setProperty(name, value);
    }
  }
  for (const [name, listener] of Object.entries(before.on ?? {})) {
    if (given.on?.[name] !== listener) {
      node.removeEventListener(name, listener);
    }
  }
  for (const [name, listener] of Object.entries(given.on ?? {})) {
    if (before.on?.[name] !== listener) {
      node.addEventListener(name, listener);
    }
  }
  node.sottoGiven = given;
  patchChildren(node, want.children);
  for (const [name, value] of Object.entries(given.props ?? {})) {
    if (node[name] !== value) {
      node[name] = value;
    }
  }
}
