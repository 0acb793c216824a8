// SPDX-License-Identifier: GPL-2.0-only
/** What the report is about, in numbers that link to what they count. */
import { classBadge, CLASS_MARKS, el } from './dom.js';
import { callersOutside } from './entry.js';

const KINDS = [['function', 'functions'], ['variable', 'variables'], ['member', 'struct members'], ['record', 'structs and unions']];
const BUSIEST = 12;

function countOwn(report) {
	const counts = new Map(), reasons = new Map();
	for (let node = 0; node < report.size; node++) {
		if (!report.own[node])
			continue;
		const key = `${report.kind(node)} ${report.className(node)}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
		if (report.kind(node) === 'function') {
			const code = `${report.className(node)} ${report.reason(node)[0]}`;
			reasons.set(code, (reasons.get(code) ?? 0) + 1);
		}
	}
	return { counts, reasons };
}

function classTable(report, store, counts) {
	const cell = (kind, name) => {
		const n = counts.get(`${kind} ${name}`);
		return el('td', { class: 'number' }, n ? el('a', { href: store.link({ q: '', file: '', reason: '', own: '1', kind, class: name }) },
			n.toLocaleString('en')) : '–');
	};
	return el('table', { class: 'summary', id: 'classes' },
		el('thead', {}, el('tr', {}, el('td', {}), report.words.classes.map((name) => el('th', { scope: 'col', class: 'number' }, classBadge(name))))),
		el('tbody', {}, KINDS.map(([kind, title]) => el('tr', { 'data-kind': kind }, el('th', { scope: 'row' }, title),
			report.words.classes.map((name) => cell(kind, name))))));
}

const MEANINGS = {
	interface: 'in the module, entered from outside through a jump at their old entry',
	internal: 'in the module, entered only from functions that are there too',
	external: 'stay in vmlinux',
};

/** The reasons with their meaning, by class, most frequent first. */
function reasonLists(report, store, reasons) {
	const meaning = new Map(report.words.reasons);
	return ['interface', 'internal', 'external'].map((name) => {
		const rows = [...reasons].filter(([key]) => key.startsWith(`${name} `)).sort((l, r) => r[1] - l[1]);
		return rows.length ? el('div', { class: 'part' }, el('h3', {}, classBadge(name), el('span', { class: 'small' }, ` ${MEANINGS[name]}`)),
			el('ul', { class: 'figures' }, rows.map(([key, n]) => {
				const code = key.split(' ')[1];
				return el('li', {}, el('span', { class: 'figure' }, n.toLocaleString('en')),
					el('a', { class: 'code', href: store.link({ q: '', file: '', own: '1', kind: 'function', class: name, reason: code }) }, code),
					el('span', { class: 'small' }, meaning.get(code)));
			}))) : null;
	});
}

function busiest(report, store) {
	const rows = [];
	for (let node = 0; node < report.size; node++)
		if (report.own[node] && report.kind(node) === 'function' && report.className(node) === 'interface')
			rows.push([callersOutside(report, node), node]);
	rows.sort((l, r) => r[0] - l[0]);
	const most = rows[0]?.[0] || 1;
	const bar = (n) => {
		const element = el('span', { class: 'bar', 'aria-hidden': 'true' });
		element.style.width = `${Math.max(1, 100 * n / most)}%`;
		return el('span', { class: 'bar-space' }, element);
	};
	return el('ul', { class: 'figures busiest' }, rows.slice(0, BUSIEST).filter(([n]) => n).map(([n, node]) => el('li', {},
		el('span', { class: 'figure' }, n), el('a', { class: 'name', href: store.link({ e: report.id(node) }) }, report.name(node)), bar(n))));
}

/** @returns {HTMLElement[]} */
export function homePage(report, store) {
	const { counts, reasons } = countOwn(report), { kernel } = report;
	return [
		el('header', { class: 'entry-head' }, el('p', { class: 'overline' }, 'the scheduler’s boundary'),
			el('h1', { id: 'entry', tabindex: '-1' }, `Linux ${kernel.release ?? '(unknown)'}`),
			el('p', { class: 'meta wrap' }, `build-id ${kernel.build_id ?? 'none'} · plugsched ${kernel.tool_version ?? ''}`)),
		report.problems.length ? el('section', { class: 'card warning', 'aria-label': 'Problems' }, el('h2', {}, 'This report is incomplete'),
			el('ul', {}, report.problems.map(([file, message]) => el('li', {}, file ? `${file}: ` : '', message)))) : null,
		el('section', { class: 'card', 'aria-labelledby': 'own-title' }, el('h2', { id: 'own-title' }, 'The scheduler’s own'),
			el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-labelledby': 'own-title' }, classTable(report, store, counts)),
			el('p', { class: 'hint' }, `With other code that touches it the report has ${report.size.toLocaleString('en')} entries and ` +
				`${report.from.length.toLocaleString('en')} edges.`)),
		el('div', { class: 'two' },
			el('section', { class: 'card', 'aria-labelledby': 'reasons-title' }, el('h2', { id: 'reasons-title' }, 'Functions, by reason'),
				reasonLists(report, store, reasons)),
			el('section', { class: 'card', 'aria-labelledby': 'busiest-title' }, el('h2', { id: 'busiest-title' }, 'Most callers outside'),
				el('p', { class: 'hint' }, `${CLASS_MARKS.interface} interface functions, and how many functions elsewhere call them`),
				busiest(report, store))),
	];
}
