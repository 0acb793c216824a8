// SPDX-License-Identifier: GPL-2.0-only
/**
 * A list box of any length: only the visible rows are elements. It has the keys of a list box; the
 * input above it can forward its own keys.
 */
import { el } from './dom.js';

export const ROW_HEIGHT = 46;
const MARGIN = 6; // rows beyond the visible part

export class List {
	/**
	 * @param {{label: string, row: (item: *) => HTMLElement[], open: (item: *) => void,
	 *         active: (id: ?string) => void}} options
	 *     `active` gets the id of the element that the arrow keys have reached
	 */
	constructor(options) {
		this.options = options;
		this.items = [];
		this.at = -1;
		this.selected = null;
		this.space = el('div', { role: 'presentation', class: 'list-space' });
		this.element = el('div', { class: 'list', role: 'listbox', tabindex: '0', 'aria-label': options.label, id: 'results',
			onscroll: () => this.draw(), onkeydown: (event) => this.key(event) }, this.space);
		new ResizeObserver(() => this.draw()).observe(this.element);
	}

	show(items) {
		this.items = items;
		this.at = -1;
		this.element.scrollTop = 0;
		this.space.style.height = `${items.length * ROW_HEIGHT}px`;
		this.draw();
		this.options.active(null);
	}

	/** Marks the item that the rest of the page shows. */
	select(item) {
		this.selected = item;
		this.draw();
	}

	draw() {
		const first = Math.max(0, Math.floor(this.element.scrollTop / ROW_HEIGHT) - MARGIN);
		const n = Math.ceil((this.element.clientHeight || 400) / ROW_HEIGHT) + 2 * MARGIN;
		this.space.replaceChildren(...this.items.slice(first, first + n).map((item, i) => this.row(item, first + i)));
	}

	row(item, i) {
		const row = el('div', { class: i === this.at ? 'row active' : 'row', role: 'option', id: `option-${i}`,
			'aria-selected': String(item === this.selected), 'aria-setsize': this.items.length, 'aria-posinset': i + 1,
			onclick: () => this.options.open(item) }, this.options.row(item));
		row.style.top = `${i * ROW_HEIGHT}px`;
		return row;
	}

	/** @returns {boolean} true if the list handled the key */
	key(event) {
		const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 1);
		const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
		if (event.key === 'Enter' && this.items.length)
			this.options.open(this.items[Math.max(this.at, 0)]);
		else if (event.key in steps)
			this.move(this.at + steps[event.key]);
		else if (event.currentTarget === this.element && (event.key === 'Home' || event.key === 'End'))
			this.move(event.key === 'Home' ? 0 : this.items.length - 1);
		else
			return false;
		event.preventDefault();
		return true;
	}

	move(to) {
		if (!this.items.length)
			return;
		this.at = Math.min(Math.max(to, 0), this.items.length - 1);
		const top = this.at * ROW_HEIGHT, height = this.element.clientHeight;
		if (top < this.element.scrollTop)
			this.element.scrollTop = top;
		else if (top + ROW_HEIGHT > this.element.scrollTop + height)
			this.element.scrollTop = top + ROW_HEIGHT - height;
		this.draw();
		this.options.active(`option-${this.at}`);
	}
}
