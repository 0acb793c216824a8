// SPDX-License-Identifier: GPL-2.0-only
/** Compares two reports: shows the answer of plugsched-graph diff as a table with filters. */
import { announce, breakable, count, el, fill, select } from './dom.js';

const KINDS = ['function', 'variable', 'record', 'member'];
const PAGE = 200;

/** The meaning of each role of a row, in the order in which they are shown. */
export const CHANGES = {
	entered: 'entered', left: 'left', class: 'changed class', file: 'moved to another file', signature: 'changed signature',
	type: 'changed type', offset: 'moved in its record', size: 'changed size', align: 'changed alignment',
};

const MARKS = { entered: '+', left: '−' };

/**
 * The changes in an answer. A record is "FILE:NAME" in the answer's values, and
 * "FILE:struct NAME" as a node.
 */
export function changesOf(answer) {
	return answer.rows.filter((row) => row.role in CHANGES)
		.map((row) => ({ role: row.role, kind: row.values.kind, id: row.values.id, node: row.node, before: row.values.before ?? '',
			after: row.values.after ?? '' }));
}

export class ChangesView {
	/**
	 * @param {import('./state.js').Store} store
	 * @param {Object} answer of diff
	 */
	constructor(store, answer) {
		this.store = store;
		this.answer = answer;
		this.all = changesOf(answer);
		this.byNode = new Map();
		for (const change of this.all)
			this.byNode.set(change.node, [...(this.byNode.get(change.node) ?? []), change]);
	}

	/** The notice on the page of an entry that changed. */
	notice(id, otherLink) {
		const changes = this.byNode.get(id) ?? [];
		if (!changes.length && !otherLink)
			return null;
		return el('aside', { class: 'card changed', 'aria-label': 'Between the two reports' },
			changes.length ? el('ul', {}, changes.map((change) => el('li', {}, el('strong', {}, CHANGES[change.role]), ' ', this.values(change)))) : null,
			otherLink);
	}

	values({ before, after }) {
		return [before ? el('del', {}, el('span', { class: 'sr-only' }, 'before: '), before) : null, before && after ? ' → ' : null,
			after ? el('ins', {}, el('span', { class: 'sr-only' }, 'after: '), after) : null];
	}

	/** @returns {HTMLElement[]} */
	page(state) {
		const [subject] = this.answer.rows;
		this.status = el('p', { class: 'status', role: 'status' });
		this.table = el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Changes' });
		this.boxes = this.filters(state);
		this.show(state);
		return [
			el('header', { class: 'entry-head' }, el('p', { class: 'overline' }, 'two reports compared'),
				el('h1', { id: 'entry', tabindex: '-1' }, 'Changes'), el('p', { class: 'meta wrap' }, breakable(subject.text))),
			this.summary(),
			el('section', { class: 'card', 'aria-label': 'Table of changes' }, el('div', { class: 'controls' }, this.boxes), this.status, this.table),
		];
	}

	/** The number of changes of each kind; each number links to them. */
	summary() {
		const counts = this.answer.rows.filter((row) => row.role === 'count');
		return el('section', { class: 'card', 'aria-labelledby': 'summary-title' }, el('h2', { id: 'summary-title' }, 'Summary'),
			el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-labelledby': 'summary-title' }, el('table', { class: 'summary' },
				el('thead', {}, el('tr', {}, el('td', {}), KINDS.map((kind) => el('th', { scope: 'col', class: 'number' }, `${kind}s`)))),
				el('tbody', {}, counts.map(({ values }) => el('tr', {}, el('th', { scope: 'row' }, CHANGES[values.change]),
					KINDS.map((kind) => el('td', { class: 'number' }, values[kind] ? el('a', { href: this.store.link({ view: 'changes', e: '',
						change: values.change, of: kind, text: '' }) }, values[kind].toLocaleString('en')) : '–'))))))));
	}

	filters(state) {
		const choose = (key) => (value) => this.store.push({ [key]: value });
		const text = el('input', { type: 'search', id: 'change-text', value: state.text, placeholder: 'any', autocomplete: 'off',
			spellcheck: 'false', oninput: () => this.store.replace({ text: text.value }) });
		return [
			select('Change', [['', 'any'], ...Object.entries(CHANGES)], state.change, choose('change')),
			select('Of', [['', 'anything'], ...KINDS.map((kind) => [kind, `${kind}s`])], state.of, choose('of')),
			el('span', { class: 'field' }, el('label', { for: 'change-text' }, 'With'), text),
		];
	}

	/** Applies the filters again. The controls stay in place, and so does the focus. */
	show(state) {
		const text = state.text.toLowerCase();
		const found = this.all.filter((change) => (!state.change || change.role === state.change) && (!state.of || change.kind === state.of) &&
			(!text || `${change.id} ${change.before} ${change.after}`.toLowerCase().includes(text)));
		const said = count(found.length, 'change');
		for (const [i, key] of ['change', 'of', 'text'].entries()) {
			const box = this.boxes[i].querySelector('select, input');
			if (box.value !== state[key])
				box.value = state[key];
		}
		this.status.textContent = said;
		announce(said);
		this.showRows(found);
	}

	showRows(found) {
		const body = el('tbody', {});
		const more = el('button', { type: 'button', class: 'more' });
		const add = () => {
			const first = body.children.length;
			for (const change of found.slice(first, first + PAGE))
				body.append(this.row(change));
			more.hidden = body.children.length >= found.length;
			more.textContent = `Show ${Math.min(PAGE, found.length - body.children.length)} more of ${found.length.toLocaleString('en')}`;
		};
		more.addEventListener('click', add);
		add();
		fill(this.table, el('table', { id: 'changes' }, el('thead', {}, el('tr', {}, ['Change', 'Kind', 'Entry', 'Before', 'After']
			.map((title) => el('th', { scope: 'col' }, title)))), body), more);
	}

	row(change) {
		const side = change.role === 'left' ? 'old' : '';
		const at = change.id.lastIndexOf(':');
		return el('tr', { 'data-role': change.role, 'data-id': change.id },
			el('td', { class: 'nowrap' }, el('span', { 'aria-hidden': 'true', class: 'sign' }, MARKS[change.role] ?? '~'), ` ${CHANGES[change.role]}`),
			el('td', {}, change.kind),
			el('td', {}, el('a', { class: 'name', href: this.store.link({ view: '', report: side, e: change.node }) }, breakable(change.id.slice(at + 1))),
				el('span', { class: 'small place' }, ' ', breakable(change.id.slice(0, at)))),
			el('td', { class: 'value' }, change.before), el('td', { class: 'value' }, change.after));
	}
}
