// SPDX-License-Identifier: GPL-2.0-only
/** Unpacks the data of the page, which tools/page/pack.c writes and tools/page/pack.h describes. */

/** The kinds of edges that callers and callees follow further than one step. */
const FOLLOWED = new Set(['call', 'may-call']);

export const SHOWN_CALLEE = 1;
export const SHOWN_CALLER = 2;

/** Decodes base64 to bytes. */
function decode(text) {
	const binary = atob(text.trim());
	const bytes = new Uint8Array(binary.length);
	for (let i = 0; i < binary.length; i++)
		bytes[i] = binary.charCodeAt(i);
	return bytes;
}

/**
 * @param {string} base64 of zlib's format
 * @returns {Promise<{words: Object, reports: Report[], answer: Object}>}
 */
export async function load(base64) {
	const stream = new Blob([decode(base64)]).stream().pipeThrough(new DecompressionStream('deflate'));
	const raw = JSON.parse(await new Response(stream).text());
	return { words: raw.words, answer: raw.answer, reports: raw.reports.map((report) => new Report(report, raw.words)) };
}

/** Computes the values of a column that is stored as differences. */
function accumulate(differences) {
	const values = new Int32Array(differences.length);
	let value = 0;
	for (let i = 0; i < values.length; i++)
		values[i] = value += differences[i];
	return values;
}

/**
 * Indexes edges by one of their ends: the edges of node i are list[start[i]] up to
 * list[start[i + 1]], in their order.
 */
function indexBy(ends, n) {
	const start = new Uint32Array(n + 1), list = new Uint32Array(ends.length);
	for (const end of ends)
		start[end + 1]++;
	for (let i = 0; i < n; i++)
		start[i + 1] += start[i];
	const next = start.slice();
	for (let e = 0; e < ends.length; e++)
		list[next[ends[e]]++] = e;
	return { start, list };
}

/** A report. Nodes and edges are identified by numbers. */
export class Report {
	constructor(raw, words) {
		this.words = words;
		this.kernel = raw.kernel;
		this.problems = raw.problems;
		this.strings = raw.strings;
		this.takeNodes(raw);
		this.takeEdges(raw);
		this.takeReasons(raw.why);
	}

	takeNodes(raw) {
		const nodes = raw.nodes;
		this.size = nodes.kind.length;
		this.kinds = Uint8Array.from(nodes.kind);
		this.names = Uint32Array.from(nodes.name);
		this.tails = Uint32Array.from(nodes.tail);
		this.files = Uint32Array.from(nodes.file);
		this.lines = Uint32Array.from(nodes.line);
		this.classes = Uint8Array.from(nodes.class);
		this.reasons = Int16Array.from(nodes.reason);
		this.whys = Uint32Array.from(nodes.why);
		this.types = Uint32Array.from(nodes.type);
		this.own = Uint8Array.from(nodes.own);
		this.notes = Uint32Array.from(nodes.notes);
		this.members = Int32Array.from(raw.members);
		this.records = Uint32Array.from(raw.records);
		this.firstMember = this.kinds.indexOf(this.words.kinds.indexOf('member'));
		this.firstRecord = this.kinds.indexOf(this.words.kinds.indexOf('record'));
	}

	takeEdges(raw) {
		const edges = raw.edges;
		this.from = accumulate(edges.from);
		this.to = Uint32Array.from(edges.to);
		this.edgeKinds = Uint8Array.from(edges.kind);
		this.edgeFiles = Uint32Array.from(edges.file);
		this.edgeLines = accumulate(edges.line);
		this.details = Uint32Array.from(edges.detail);
		this.shown = Uint8Array.from(edges.shown);
		this.outgoing = indexBy(this.from, this.size);
		this.incoming = indexBy(this.to, this.size);
		this.unknown = new Map();
		for (let i = 0; i < raw.unknown.length; i += 4) {
			const [node, file, line, detail] = raw.unknown.slice(i, i + 4);
			const list = this.unknown.get(node) ?? [];
			list.push({ place: `${this.strings[file]}:${line}`, detail: this.strings[detail] });
			this.unknown.set(node, list);
		}
	}

	/** Indexes the rows of `why`; their texts are looked up only when needed. */
	takeReasons(why) {
		this.why = why;
		this.whyAt = new Map();
		for (let i = 0; i < why.length; i += 2 + 3 * why[i + 1])
			this.whyAt.set(why[i], i);
	}

	/** @returns {{role: string, text: string, node: number}[]} */
	chain(node) {
		const at = this.whyAt.get(node), rows = [];
		for (let i = 0; at !== undefined && i < this.why[at + 1]; i++) {
			const [role, text, other] = this.why.slice(at + 2 + 3 * i, at + 5 + 3 * i);
			rows.push({ role: this.strings[role], text: this.strings[text], node: other });
		}
		return rows;
	}

	name(node) { return this.strings[this.names[node]]; }
	file(node) { return this.strings[this.files[node]]; }
	kind(node) { return this.words.kinds[this.kinds[node]]; }
	className(node) { return this.words.classes[this.classes[node]]; }
	type(node) { return this.strings[this.types[node]]; }
	sentence(node) { return this.strings[this.whys[node]]; }
	note(node) { return this.strings[this.notes[node]]; }

	/** The id as in JSON answers. */
	id(node) {
		if (this.kind(node) === 'object')
			return `object:${this.name(node)}`;
		return `${this.file(node)}:${this.strings[this.tails[node] || this.names[node]]}`;
	}

	/** @returns {[string, string]} code and meaning; null if there is no reason */
	reason(node) { return this.words.reasons[this.reasons[node]] ?? null; }

	place(node) { return this.lines[node] ? `${this.file(node)}:${this.lines[node]}` : this.file(node); }

	/** "function", "struct", "union" ... */
	kindWord(node) {
		if (this.kind(node) !== 'record')
			return this.kind(node) === 'object' ? 'object file' : this.kind(node);
		return this.record(node).isUnion ? 'union' : 'struct';
	}

	/** The name as written in C. */
	title(node) { return this.kind(node) === 'record' ? `${this.kindWord(node)} ${this.name(node)}` : this.name(node); }

	/** The member's offset and width in bits, and its record's node or -1. */
	member(node) {
		const at = 3 * (node - this.firstMember);
		return { offset: this.members[at], width: this.members[at + 1], record: this.members[at + 2] };
	}

	record(node) {
		const at = 3 * (node - this.firstRecord);
		return { size: this.records[at], align: this.records[at + 1], isUnion: this.records[at + 2] === 1 };
	}

	/** A record's members by offset. */
	membersOf(record) {
		if (!this.byRecord) {
			this.byRecord = new Map();
			for (let i = 0; i < this.members.length / 3; i++) {
				const of = this.members[3 * i + 2];
				if (!this.byRecord.has(of))
					this.byRecord.set(of, []);
				this.byRecord.get(of).push(this.firstMember + i);
			}
		}
		const byPlace = (l, r) => this.member(l).offset - this.member(r).offset || (this.name(l) < this.name(r) ? -1 : 1);
		return (this.byRecord.get(record) ?? []).sort(byPlace);
	}

	/** The edges that end at a node. */
	edgesTo(node) { return this.incoming.list.subarray(this.incoming.start[node], this.incoming.start[node + 1]); }

	/** The edges that start at a node. */
	edgesFrom(node) { return this.outgoing.list.subarray(this.outgoing.start[node], this.outgoing.start[node + 1]); }

	edgeKind(edge) { return this.words.edges[this.edgeKinds[edge]]; }
	edgeDetail(edge) { return this.strings[this.details[edge]]; }
	edgeFile(edge) { return this.strings[this.edgeFiles[edge]]; }
	isFollowed(edge) { return FOLLOWED.has(this.edgeKind(edge)); }

	/** True for a use as the question `uses` defines it: in the source, not derived from it. */
	isUse(edge) { return !['may-call', 'inlined', 'waits'].includes(this.edgeKind(edge)); }

	/** The node with that id, or -1. */
	find(id) {
		if (!this.byId) {
			this.byId = new Map();
			for (let node = this.size - 1; node >= 0; node--)
				this.byId.set(this.id(node), node);
		}
		return this.byId.get(id) ?? -1;
	}

	/** All files that contain an entry. */
	allFiles() { return [...new Set(this.files)].map((file) => this.strings[file]).filter(Boolean).sort(); }
}
