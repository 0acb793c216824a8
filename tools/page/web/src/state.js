// SPDX-License-Identifier: GPL-2.0-only
/**
 * What is shown, kept in the address after "#": links can be sent, and the browser's back button works.
 */

/** What a key is when the address does not say. */
export const DEFAULTS = {
	q: '', class: '', kind: '', file: '', reason: '', own: '', // the finder
	e: '',                                                      // id of the entry shown
	view: '',                                                   // "", or "changes"
	report: '',                                                 // of two: "" is the newer, "old" the older
	depth: '1', limit: '60', edges: '',                         // the drawing
	change: '', of: '', text: '',                               // filters of the changes
};

/** Slashes and colons are fine in a fragment, and paths are read by people. */
function encode(text) {
	return encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/** @returns {typeof DEFAULTS} */
export function parse(hash) {
	const state = { ...DEFAULTS };
	for (const part of hash.replace(/^#/, '').split('&')) {
		const [key, value = ''] = part.split('=');
		if (!Object.hasOwn(DEFAULTS, key))
			continue;
		try {
			state[key] = decodeURIComponent(value);
		} catch {
			state[key] = value; // not made by this page
		}
	}
	return state;
}

/** The address of a state; keys at their default are left out. */
export function format(state) {
	const parts = Object.keys(DEFAULTS).filter((key) => state[key] && state[key] !== DEFAULTS[key])
		.map((key) => `${key}=${encode(state[key])}`);
	return `#${parts.join('&')}`;
}

/** The state with its history. */
export class Store {
	/** @param {(state: typeof DEFAULTS, before: typeof DEFAULTS) => void} onchange */
	constructor(onchange) {
		this.onchange = onchange;
		this.state = parse(location.hash);
		addEventListener('hashchange', () => this.take(parse(location.hash)));
	}

	take(state) {
		const before = this.state;
		this.state = state;
		if (format(before) !== format(state))
			this.onchange(state, before);
	}

	/** A step that the back button undoes. */
	push(change) {
		const state = { ...this.state, ...change };
		if (format(state) !== format(this.state))
			history.pushState(null, '', format(state));
		this.take(state);
	}

	/** The same step, refined, as while typing. */
	replace(change) {
		const state = { ...this.state, ...change };
		history.replaceState(null, '', format(state));
		this.take(state);
	}

	/** The address that a change would lead to. */
	link(change) {
		return format({ ...this.state, ...change });
	}
}
