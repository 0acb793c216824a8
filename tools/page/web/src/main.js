// SPDX-License-Identifier: GPL-2.0-only
/**
 * The page. main.js connects its parts: the address says what is shown (state.js), and each change
 * of the address is shown here.
 */
import { ChangesView } from './changes.js';
import { load } from './data.js';
import { Drawing } from './drawing.js';
import { el, fill } from './dom.js';
import { EntryView } from './entry.js';
import { Finder } from './finder.js';
import { homePage } from './home.js';
import { Search } from './search.js';
import { parse, Store } from './state.js';
import { start as startTheme } from './theme.js';

/** Keys of the state that only the finder uses. */
const FINDER_KEYS = new Set(['q', 'class', 'kind', 'file', 'reason', 'own']);
/** Keys that only filter the changes. */
const CHANGES_KEYS = new Set(['change', 'of', 'text']);

const main = document.getElementById('main');

class Page {
	constructor({ reports, answer }) {
		this.reports = reports;
		this.searches = new Map();
		this.store = new Store((state, before) => this.show(state, before));
		const open = (node) => this.open(node);
		this.drawing = new Drawing(this.store, open);
		this.entries = new EntryView(this.store, this.drawing);
		this.changes = answer.question === 'diff' ? new ChangesView(this.store, answer) : null;
		this.finder = new Finder(document.getElementById('finder'), this.store, open);
		startTheme(document.getElementById('theme'), () => this.drawing.recolour());
		document.addEventListener('keydown', (event) => this.key(event));
		document.getElementById('home').addEventListener('click', (event) => this.goHome(event));
		document.getElementById('skip').addEventListener('click', (event) => {
			event.preventDefault();
			this.focusEntry();
		});
		if (this.changes && location.hash.length < 2) // the user asked for a comparison
			history.replaceState(null, '', this.store.link({ view: 'changes' }));
		this.store.state = parse(location.hash);
		this.show(this.store.state, null);
	}

	goHome(event) {
		event.preventDefault();
		this.store.push({ e: '', view: '' });
	}

	/** "/" moves the focus to the search field, unless another field has the focus. */
	key(event) {
		const isTyping = event.target.matches('input:not([type=checkbox]), select, textarea');
		if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey)
			return;
		event.preventDefault();
		this.finder.input.focus();
		this.finder.input.select();
	}

	open(node) {
		this.store.push({ e: this.report.id(node), view: '' });
	}

	focusEntry() {
		document.getElementById('entry')?.focus({ preventScroll: true });
	}

	/** The report that the state names; by default the newer of two. */
	reportOf(state) {
		return this.reports[state.report === 'old' ? 0 : this.reports.length - 1];
	}

	searchOf(report) {
		if (!this.searches.has(report))
			this.searches.set(report, new Search(report));
		return this.searches.get(report);
	}

	show(state, before) {
		const changed = before ? Object.keys(state).filter((key) => state[key] !== before[key]) : null;
		if (!changed || changed.includes('report')) {
			this.report = this.reportOf(state);
			this.finder.use(this.report, this.searchOf(this.report));
		}
		this.showHeader(state);
		this.finder.show(state, state.e ? this.report.find(state.e) : null);
		if (changed?.every((key) => FINDER_KEYS.has(key)))
			return;
		if (state.view === 'changes' && this.changes && changed?.every((key) => CHANGES_KEYS.has(key)))
			this.changes.show(state);
		else
			this.showMain(state, changed);
	}

	showMain(state, changed) {
		const isOther = !changed || changed.some((key) => ['e', 'view', 'report'].includes(key));
		const scroll = scrollY;
		const focused = isOther ? null : document.activeElement;
		const key = focused && main.contains(focused) ? focused.name || focused.previousSibling?.textContent : null;
		this.drawing.close();
		fill(main, this.content(state));
		document.body.classList.toggle('has-entry', Boolean(state.e || state.view));
		document.title = `${main.querySelector('h1')?.textContent ?? ''} – plugsched`;
		if (main.querySelector('#drawing'))
			this.drawing.draw();
		if (!isOther) {
			scrollTo(0, scroll);
			this.refocus(key);
		} else if (changed) {
			scrollTo(0, 0);
			this.focusEntry();
		}
	}

	/** Restores the focus to a control that was created anew. */
	refocus(key) {
		if (!key)
			return;
		const same = [...main.querySelectorAll('input, select')].find((box) => (box.name || box.previousSibling?.textContent) === key);
		same?.focus({ preventScroll: true });
	}

	/** @returns {HTMLElement[]} */
	content(state) {
		if (state.view === 'changes' && this.changes)
			return this.changes.page(state);
		if (!state.e)
			return homePage(this.report, this.store);
		const node = this.report.find(state.e);
		if (node < 0)
			return [this.missing(state)];
		return this.entries.page(this.report, node, state, this.changes?.notice(state.e, this.otherLink(state)));
	}

	missing(state) {
		return el('header', { class: 'entry-head' }, el('h1', { id: 'entry', tabindex: '-1' }, 'Not in this report'),
			el('p', {}, 'It has nothing under the id ', el('code', {}, state.e), '.'), this.changes ? this.otherLink(state) : null);
	}

	/** A link to the same entry in the other of two reports, if it is there. */
	otherLink(state) {
		const isOld = state.report === 'old', other = this.reports[isOld ? 1 : 0];
		if (!other || other.find(state.e) < 0)
			return null;
		return el('p', {}, el('a', { href: this.store.link({ report: isOld ? '' : 'old' }) },
			`The same entry in the ${isOld ? 'newer' : 'older'} report, Linux ${other.kernel.release ?? '(unknown)'}`));
	}

	showHeader(state) {
		document.getElementById('kernel').textContent = `Linux ${this.report.kernel.release ?? '(unknown)'}`;
		if (!this.changes)
			return;
		const isChanges = state.view === 'changes';
		const link = (text, change, isCurrent) => el('a', { href: this.store.link(change), 'aria-current': isCurrent ? 'page' : null }, text);
		fill(document.getElementById('views'),
			this.reports.map((report, i) => link(`${i ? 'New' : 'Old'}: ${report.kernel.release ?? '(unknown)'}`, { view: '', report: i ? '' : 'old' },
				!isChanges && report === this.report)),
			link('Changes', { view: 'changes', e: '' }, isChanges));
	}
}

async function begin() {
	const element = document.getElementById('data');
	const text = element.textContent;
	element.remove(); // a megabyte or more that is no longer needed
	try {
		new Page(await load(text));
		// ms since the page was opened
		document.documentElement.dataset.ready = String(Math.round(performance.now()));
	} catch (error) {
		fill(main, el('h1', {}, 'The report cannot be shown'), el('p', {}, `${error}. The page needs a browser of 2024 or newer, ` +
			'or it was cut short on its way: make it again.'));
		throw error;
	}
}

begin();
