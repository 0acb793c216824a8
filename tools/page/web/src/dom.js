// SPDX-License-Identifier: GPL-2.0-only
/**
 * Creates elements without a framework. Texts become text nodes and never HTML, so a name from a
 * report cannot become markup.
 */

/**
 * Creates an element. Properties that begin with "on" are listeners; "class" and others are
 * attributes; those with the value false, null or undefined are left out. Children are elements,
 * texts, numbers or arrays of these.
 *
 * @param {string} tag
 * @param {Object<string, *>} [properties]
 * @param {...*} children
 * @returns {HTMLElement}
 */
export function el(tag, properties, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(properties ?? {})) {
		if (value === false || value === null || value === undefined)
			continue;
		if (name.startsWith('on'))
			element.addEventListener(name.slice(2), value);
		else
			element.setAttribute(name, value === true ? '' : String(value));
	}
	append(element, children);
	return element;
}

/** Appends children in the form that `el` accepts. */
export function append(element, children) {
	for (const child of children.flat(Infinity))
		if (child !== null && child !== undefined && child !== false)
			element.append(child instanceof Node ? child : String(child));
}

/** Creates an SVG element. */
export function svg(tag, attributes, ...children) {
	const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
	for (const [name, value] of Object.entries(attributes))
		element.setAttribute(name, String(value));
	append(element, children);
	return element;
}

/** @param {HTMLElement} element gets `children` as its only contents */
export function fill(element, ...children) {
	element.replaceChildren();
	append(element, children);
}

/** A mark for each class, so that colour is not the only distinction. */
export const CLASS_MARKS = { internal: '●', interface: '◆', external: '□' };

/** A class as a badge with mark and word. */
export function classBadge(name) {
	return el('span', { class: `badge ${name}` }, el('span', { 'aria-hidden': 'true' }, CLASS_MARKS[name]), ` ${name}`);
}

/** "1 caller", "1,234 callers". */
export function count(n, one, many = `${one}s`) {
	return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/** Announces a text to screen readers. */
export function announce(text) {
	document.getElementById('live').textContent = text;
}

/** Allows line breaks in a path or name; the text stays the same when it is copied. */
export function breakable(text) {
	const pieces = text.split(/(?<=[/._:])/);
	return pieces.flatMap((piece, i) => (i ? [el('wbr'), piece] : [piece]));
}

let labels = 0;

/** Creates a select element with its label. `options` is a list of [value, text]. */
export function select(label, options, value, onchange) {
	const id = `select-${++labels}`;
	const box = el('select', { id, onchange: () => onchange(box.value) },
		options.map(([key, text]) => el('option', { value: key, selected: key === value }, text)));
	return el('span', { class: 'field' }, el('label', { for: id }, label), box);
}

/** Shows the first of many items, and a button for the rest. */
export function shortened(items, limit, what, make) {
	const list = el('ul', { class: 'lines' }, items.slice(0, limit).map(make));
	if (items.length <= limit)
		return list;
	const button = el('button', { type: 'button', class: 'more', onclick: () => {
		const first = items.slice(limit).map(make);
		append(list, first);
		button.remove();
		first[0].querySelector('a, button')?.focus();
	} }, `Show all ${count(items.length, what)}`);
	return el('div', {}, list, button);
}
