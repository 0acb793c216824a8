// SPDX-License-Identifier: GPL-2.0-only
/** The search field, the filters and the list of results. */
import { announce, CLASS_MARKS, count, el, fill, select } from './dom.js';
import { List } from './list.js';

export class Finder {
	/**
	 * @param {HTMLElement} element
	 * @param {import('./state.js').Store} store
	 * @param {(node: number) => void} open
	 */
	constructor(element, store, open) {
		this.element = element;
		this.store = store;
		this.list = new List({ label: 'Entries found', row: (node) => this.row(node), open, active: (id) => this.active(id) });
		this.status = el('p', { class: 'status', id: 'count' });
		this.filters = el('div', { class: 'filters' });
		this.input = el('input', { type: 'search', id: 'q', role: 'combobox', placeholder: 'Search names', autocomplete: 'off',
			spellcheck: 'false', autocapitalize: 'off', 'aria-label': 'Search names', 'aria-controls': 'results',
			'aria-expanded': 'true', 'aria-autocomplete': 'list', 'aria-describedby': 'count', 'aria-keyshortcuts': '/',
			oninput: () => store.replace({ q: this.input.value }), onkeydown: (event) => this.key(event) });
		fill(element, el('div', { class: 'query' }, this.input, el('kbd', { 'aria-hidden': 'true' }, '/')), this.filters,
			this.status, this.list.element);
	}

	/** Searches another report from now on. */
	use(report, search) {
		this.report = report;
		this.search = search;
		this.found = null;
	}

	key(event) {
		if (event.key === 'Escape' && this.input.value) {
			event.preventDefault();
			this.store.replace({ q: '' });
		} else {
			this.list.key(event);
		}
	}

	active(id) {
		for (const element of [this.input, this.list.element])
			if (id)
				element.setAttribute('aria-activedescendant', id);
			else
				element.removeAttribute('aria-activedescendant');
	}

	row(node) {
		const { report } = this, name = report.className(node);
		return [
			el('span', { class: `mark ${name}`, 'aria-hidden': 'true' }, CLASS_MARKS[name]),
			el('span', { class: 'row-name' }, report.title(node)),
			el('span', { class: 'row-place' }, el('span', { class: 'sr-only' }, `, ${name} `),
				report.kind(node) === 'record' ? report.place(node) : `${report.kindWord(node)} · ${report.place(node)}`),
		];
	}

	/** Searches if the query has changed, and shows the results. */
	show(state, node) {
		const key = JSON.stringify([state.q, state.class, state.kind, state.file, state.reason, state.own]);
		if (this.input.value !== state.q)
			this.input.value = state.q;
		if (this.found !== key) {
			this.found = key;
			this.showFilters(state);
			this.showFound(this.search.find({ ...state, own: state.own === '1' }));
		}
		this.list.select(node);
	}

	showFound(nodes) {
		const text = nodes.length ? count(nodes.length, 'entry', 'entries') : 'Nothing is called that; try fewer letters or filters.';
		this.list.show(nodes);
		this.status.textContent = text;
		announce(text);
	}

	/** Creates the filters once; later only sets their values. */
	showFilters(state) {
		if (this.boxes && this.filtered === this.report) {
			for (const [key, box] of Object.entries(this.boxes))
				if (box.type === 'checkbox')
					box.checked = state[key] === '1';
				else if (box.value !== state[key])
					box.value = state[key];
			this.reset.hidden = !['class', 'kind', 'file', 'reason', 'own'].some((key) => state[key]);
			return;
		}
		this.filtered = this.report;
		this.makeFilters(state);
		this.showFilters(state);
	}

	makeFilters(state) {
		const { words } = this.report;
		const any = (all) => [['', 'any'], ...all];
		const choose = (key) => (value) => this.store.push({ [key]: value });
		const fields = {
			class: select('Class', any(words.classes.map((name) => [name, `${CLASS_MARKS[name]} ${name}`])), state.class, choose('class')),
			kind: select('Kind', any([['function', 'function'], ['variable', 'variable'], ['record', 'struct or union'],
				['member', 'member']]), state.kind, choose('kind')),
			reason: select('Reason', any(this.usedReasons().map((code) => [code, code])), state.reason, choose('reason')),
			file: this.fileField(),
			own: el('label', { class: 'check' }, el('input', { type: 'checkbox',
				onchange: (event) => this.store.push({ own: event.target.checked ? '1' : '' }) }), 'the scheduler’s own only'),
		};
		this.boxes = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.querySelector('input, select')]));
		this.reset = el('button', { type: 'button', class: 'more', hidden: true,
			onclick: () => { this.store.push({ class: '', kind: '', file: '', reason: '', own: '' }); this.input.focus(); } }, 'Clear filters');
		fill(this.filters, Object.values(fields), this.reset);
	}

	/** The reason codes that occur in this report. */
	usedReasons() {
		return [...new Set(this.report.reasons)].filter((reason) => reason >= 0).sort((l, r) => l - r)
			.map((reason) => this.report.words.reasons[reason][0]);
	}

	fileField() {
		const input = el('input', { type: 'text', id: 'file', list: 'files', placeholder: 'any', autocomplete: 'off', spellcheck: 'false',
			oninput: () => this.store.replace({ file: input.value }) });
		return el('span', { class: 'field wide' }, el('label', { for: 'file' }, 'File'), input,
			el('datalist', { id: 'files' }, this.report.allFiles().map((file) => el('option', { value: file }))));
	}
}
