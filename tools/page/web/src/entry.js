// SPDX-License-Identifier: GPL-2.0-only
/**
 * The page of one entry: what it is, why it is in its class, and everything
 * that leads to it or from it.
 */
import { breakable, classBadge, CLASS_MARKS, el, shortened } from './dom.js';
import { SHOWN_CALLEE, SHOWN_CALLER } from './data.js';
import { memberTable } from './record.js';

const LINES_MAX = 40;

/** The text beside a name: how the other node uses this one. */
const PHRASES_UP = { call: 'calls it', 'may-call': 'may call it', indirect: 'calls through it', address: 'takes its address',
	inlined: 'holds an inlined copy', object: 'names it', waits: 'waits in it', read: 'reads it', write: 'writes it',
	'read-write': 'reads and writes it', clone: 'calls a clone of it', escape: 'lets its address out' };
const PHRASES_DOWN = { call: 'called', 'may-call': 'may be called', indirect: 'called through', address: 'address taken',
	inlined: 'an inlined copy is in it', object: 'named', waits: 'waited in', read: 'read', write: 'written',
	'read-write': 'read and written', clone: 'a clone called', escape: 'its address let out' };

/** How uses are grouped, as in the question `uses`. */
const USE_GROUPS = [['read', 'Read'], ['write', 'Written'], ['read-write', 'Read and written'], ['address', 'Address taken'],
	['escape', 'Address let out'],
	['indirect', 'Called through'], ['call', 'Called'], ['clone', 'A clone called'], ['object', 'Named by an object file']];

/** The state that many parts of an entry's page need. */
export class EntryView {
	/**
	 * @param {import('./state.js').Store} store
	 * @param {import('./drawing.js').Drawing} drawing
	 */
	constructor(store, drawing) {
		this.store = store;
		this.drawing = drawing;
	}

	/** @returns {HTMLElement[]} */
	page(report, node, state, changes) {
		this.report = report;
		const kind = report.kind(node);
		return [
			this.head(node),
			changes,
			this.reason(node),
			kind === 'record' ? memberTable(report, node, (member, text) => this.link(member, text)) : null,
			kind === 'record' || kind === 'object' ? null : this.drawing.section(report, node, state),
			kind === 'function' ? this.callers(node) : null,
			kind === 'variable' || kind === 'member' ? this.uses(node) : null,
			kind === 'record' ? null : this.callees(node),
			kind === 'function' || kind === 'variable' ? this.data(node) : null,
		];
	}

	link(node, text = this.report.title(node)) {
		return el('a', { href: this.store.link({ e: this.report.id(node) }), class: 'name' }, breakable(text));
	}

	head(node) {
		const { report } = this, type = report.type(node), note = report.note(node);
		const member = report.kind(node) === 'member' ? report.member(node) : null;
		return el('header', { class: 'entry-head' },
			el('p', { class: 'overline' }, report.kindWord(node), note ? `, ${note}` : '',
				report.own[node] ? '' : ' · not the scheduler’s'),
			el('h1', { id: 'entry', tabindex: '-1' }, breakable(report.title(node))),
			el('p', { class: 'meta' }, report.kind(node) === 'object' ? null : classBadge(report.className(node)),
				el('span', { class: 'place' }, breakable(report.place(node)))),
			type && report.kind(node) !== 'record' ? el('pre', { class: 'signature', tabindex: '0', 'aria-label': 'Type' }, type) : null,
			member ? this.placeInRecord(node, member) : null);
	}

	placeInRecord(node, { offset, width, record }) {
		const place = `at byte ${Math.floor(offset / 8)}${offset % 8 || width ? `, bit ${offset % 8}` : ''}${width ? `, ${width} wide` : ''}`;
		return el('p', { class: 'in-record' }, `In ${record < 0 ? 'its record' : ''}`, record < 0 ? null : this.link(record), ` ${place}`);
	}

	/** Class, reason, sentence, and the chain that the question `why` answers with. */
	reason(node) {
		const { report } = this, reason = report.reason(node), chain = report.chain(node);
		const record = report.kind(node) === 'member' ? report.member(node).record : -1;
		if (!report.sentence(node))
			return null;
		return el('section', { class: `card reason ${report.className(node)}`, 'aria-labelledby': 'why' },
			el('h2', { id: 'why' }, 'Why'),
			el('p', { class: 'sentence' }, report.sentence(node)),
			reason ? el('p', { class: 'hint' }, el('a', { class: 'code', href: this.store.link({ e: '', reason: reason[0] }),
				title: 'Find all with this reason' }, reason[0]), ` ${reason[1]}`) : null,
			chain.length ? this.chain(chain) : null,
			record < 0 ? null : el('p', { class: 'layout' }, el('strong', {}, 'Layout of '), this.link(record), `: ${report.sentence(record)}`));
	}

	chain(rows) {
		const [head, ...rest] = rows[0].role === 'because' ? rows : [null, ...rows];
		const item = (row) => el('li', { class: row.role }, this.rowText(row));
		const list = rest.length > LINES_MAX ? shortened(rest, LINES_MAX, 'line', item) : el('ol', { class: 'chain' }, rest.map(item));
		return el('div', { class: 'because', id: 'chain' }, head ? el('p', {}, head.text) : null, list);
	}

	/**
	 * A row's text. A place at its start is formatted as such, and the name of the
	 * row's node becomes a link.
	 */
	rowText({ text, node }) {
		const [, at, rest] = text.match(/^(\S+:\d+) {2}(.*)$/s) ?? [null, null, text];
		return [at ? el('span', { class: 'place' }, breakable(at), ' ') : null, this.linked(rest, node)];
	}

	linked(text, node) {
		const name = node >= 0 ? this.report.name(node) : '';
		const at = name ? text.search(new RegExp(`(?<![\\w.])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.])`)) : -1;
		const plain = (part) => breakable(part.replace(/ {2,}/g, ' · '));
		if (at < 0)
			return plain(text);
		return [plain(text.slice(0, at)), this.link(node, name), plain(text.slice(at + name.length))];
	}

	/** Edges to or from one node, of one kind and with the same detail, become one line. */
	branches(edges, isUp) {
		const { report } = this, branches = new Map();
		for (const edge of edges) {
			const other = isUp ? report.from[edge] : report.to[edge], kind = report.edgeKind(edge);
			const key = `${other} ${kind} ${report.details[edge]}`;
			if (!branches.has(key))
				branches.set(key, { other, kind, detail: report.edgeDetail(edge), edges: [] });
			branches.get(key).edges.push(edge);
		}
		return [...branches.values()];
	}

	/** "FILE:12, 14", with each file once. */
	places(edges) {
		const { report } = this, files = new Map();
		for (const edge of edges)
			if (report.edgeFile(edge) && report.edgeLines[edge])
				files.set(report.edgeFile(edge), [...(files.get(report.edgeFile(edge)) ?? []), report.edgeLines[edge]]);
		return [...files].map(([file, lines]) => `${file}:${[...new Set(lines)].join(', ')}`).join('; ');
	}

	branch({ other, kind, detail, edges }, phrases) {
		const { report } = this, name = report.className(other), isObject = report.kind(other) === 'object';
		const places = this.places(edges);
		return el('li', {},
			el('span', { class: `mark ${name}`, 'aria-hidden': 'true', title: name }, isObject ? '▤' : CLASS_MARKS[name]),
			el('span', { class: 'line-name' }, this.link(other), el('span', { class: 'sr-only' }, isObject ? '' : `, ${name},`)),
			el('span', { class: 'line-what' }, phrases[kind], places ? [' at ', el('span', { class: 'place' }, breakable(places))] : null,
				detail ? el('span', { class: 'detail' }, ` (${detail})`) : null));
	}

	/** The users outside the scheduler's files, and those inside. */
	split(id, title, edges, isUp, phrases, none) {
		const branches = this.branches(edges, isUp);
		const inside = branches.filter(({ other }) => this.report.own[other]), outside = branches.filter(({ other }) => !this.report.own[other]);
		const part = (name, list) => list.length ? el('div', { class: 'part' }, el('h3', {}, `${name} `, el('span', { class: 'n' }, list.length)),
			shortened(list, LINES_MAX, 'line', (branch) => this.branch(branch, phrases))) : null;
		return el('section', { class: 'card', id, 'aria-labelledby': `${id}-title` }, el('h2', { id: `${id}-title` }, title),
			branches.length ? null : el('p', { class: 'note' }, none),
			part(isUp ? 'From outside the scheduler' : 'Outside the scheduler', outside),
			part(isUp ? 'From inside' : 'Inside', inside));
	}

	callers(node) {
		const edges = [...this.report.edgesTo(node)].filter((edge) => this.report.shown[edge] & SHOWN_CALLER);
		return this.split('callers', 'Callers', edges, true, PHRASES_UP, 'Nothing calls or names it.');
	}

	callees(node) {
		const { report } = this, unknown = report.unknown.get(node) ?? [];
		const edges = [...report.edgesFrom(node)].filter((edge) => report.shown[edge] & SHOWN_CALLEE);
		const isFunction = report.kind(node) === 'function';
		if (!isFunction && !edges.length)
			return null;
		const section = this.split('callees', isFunction ? 'Callees' : 'What it holds', edges, false, PHRASES_DOWN, 'It calls nothing.');
		if (unknown.length)
			section.append(el('div', { class: 'part' }, el('h3', {}, 'Unknown'), el('ul', { class: 'lines' }, unknown.map(({ place, detail }) =>
				el('li', {}, el('span', { class: 'mark' }, '?'), el('span', { class: 'line-what' }, 'may call what the report does not name, at ',
					el('span', { class: 'place' }, breakable(place)), ` (${detail})`))))));
		return section;
	}

	/** The variables and members that a function uses, or that an initialiser names. */
	data(node) {
		const { report } = this;
		const edges = [...report.edgesFrom(node)].filter((edge) => report.isUse(edge) &&
			!(report.shown[edge] & SHOWN_CALLEE && report.kind(report.to[edge]) === 'function') && report.kind(report.to[edge]) !== 'function');
		return edges.length ? this.split('data', 'Data it uses', edges, false, PHRASES_DOWN, '') : null;
	}

	/** All uses of data, by kind. */
	uses(node) {
		const { report } = this, edges = [...report.edgesTo(node)].filter((edge) => report.isUse(edge));
		const inside = edges.filter((edge) => report.own[report.from[edge]]).length;
		return el('section', { class: 'card', id: 'uses', 'aria-labelledby': 'uses-title' }, el('h2', { id: 'uses-title' }, 'Uses'),
			el('p', { class: 'note' }, `${inside.toLocaleString('en')} in the scheduler’s files, ${(edges.length - inside).toLocaleString('en')} elsewhere.`),
			USE_GROUPS.map(([kind, title]) => {
				const some = edges.filter((edge) => report.edgeKind(edge) === kind);
				return some.length ? el('div', { class: 'part' }, el('h3', {}, `${title} `, el('span', { class: 'n' }, some.length)),
					shortened(this.branches(some, true), LINES_MAX, 'line', (branch) => this.branch(branch, PHRASES_UP))) : null;
			}));
	}
}

/** "12 callers", for lists of entries. */
export function callersOutside(report, node) {
	const outside = new Set();
	for (const edge of report.edgesTo(node))
		if (report.edgeKind(edge) === 'call' && !report.own[report.from[edge]])
			outside.add(report.from[edge]);
	return outside.size;
}

