// SPDX-License-Identifier: GPL-2.0-only
/**
 * What is shown, kept in the address behind "#": links can be shared, and the
 * browser's back button works.
 */

/** The values of keys that the address does not contain. */
export const DEFAULTS = {
	q: '', class: '', kind: '', file: '', reason: '', own: '', // the finder
	e: '',                                                      // id of the shown entry
	view: '',                                                   // "", or "changes"
	// of two reports: "" is the newer, "old" the older
	report: '',
	depth: '1', limit: '60', edges: '',                         // the drawing
	change: '', of: '', text: '',                               // filters of the changes
};

/** Slashes and colons are allowed in a fragment, and people read the paths. */
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
			state[key] = value; // not written by this page
		}
	}
	return state;
}

/** The address for a state; keys with their default value are left out. */
export function format(state) {
	const parts = Object.keys(DEFAULTS).filter((key) => state[key] && state[key] !== DEFAULTS[key])
		.map((key) => `${key}=${encode(state[key])}`);
	return `#${parts.join('&')}`;
}

/** The state and its history. */
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

	/** A change that the back button undoes. */
	push(change) {
		const state = { ...this.state, ...change };
		if (format(state) !== format(this.state))
			history.pushState(null, '', format(state));
		this.take(state);
	}

	/** A refinement of the last change, as while typing. */
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
