// SPDX-License-Identifier: GPL-2.0-only
/** Light, dark, or the system's choice. */

const KEY = 'plugsched-theme';
const ORDER = ['auto', 'light', 'dark'];
const MARKS = { auto: '◐', light: '☀', dark: '☾' };

/** A browser may deny storage to pages from files. */
function stored() {
	try {
		return localStorage.getItem(KEY);
	} catch {
		return null;
	}
}

function store(theme) {
	try {
		localStorage.setItem(KEY, theme);
	} catch { /* then it lasts as long as the page */ }
}

/**
 * @param {HTMLButtonElement} button switches to the next theme; @param {() => void} onchange is
 * also called if the system changes
 */
export function start(button, onchange) {
	const changed = () => {
		known = new Map();
		onchange();
	};
	let theme = ORDER.includes(stored()) ? stored() : 'auto';
	const show = () => {
		document.documentElement.dataset.theme = theme;
		button.textContent = `${MARKS[theme]} ${theme}`;
		button.setAttribute('aria-label', `Colours: ${theme}. Change`);
	};
	button.addEventListener('click', () => {
		theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
		store(theme);
		show();
		changed();
	});
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
	show();
}

let known = new Map();

/** The current value of a colour of the style sheet. */
export function colour(name) {
	if (!known.has(name)) {
		const probe = document.createElement('span');
		probe.style.color = `var(--${name})`;
		document.body.append(probe);
		known.set(name, getComputedStyle(probe).color);
		probe.remove();
	}
	return known.get(name);
}
