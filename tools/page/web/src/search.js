// SPDX-License-Identifier: GPL-2.0-only
/**
 * Searches names. The order of matches is: the whole name, its beginning, the beginning of a word
 * in it, any part of it, its letters in order. Among equal matches the scheduler's own come first,
 * then functions, then what is used most.
 */

const KIND_ORDER = { function: 0, record: 1, variable: 2, member: 3 };
const NO_MATCH = 99;

/**
 * @typedef {{q: string, class: string, kind: string, file: string, reason:
 * string, own: boolean}} Filter
 */

export class Search {
	/** @param {import('./data.js').Report} report */
	constructor(report) {
		this.report = report;
		this.lower = Array.from({ length: report.size }, (_, node) => report.name(node).toLowerCase());
		this.order = this.sort();
	}

	/** Sorts all entries by one number each, the most likely first. */
	sort() {
		const report = this.report, keys = [], most = 2 ** 20 - 1;
		for (let node = 0; node < report.size; node++) {
			const kind = KIND_ORDER[report.kind(node)];
			const uses = Math.min(report.edgesTo(node).length, most);
			if (kind !== undefined)
				keys.push((((report.own[node] ? 0 : 4) + kind) * 2 ** 20 + (most - uses)) * 2 ** 22 + node);
		}
		return Uint32Array.from(Float64Array.from(keys).sort(), (key) => key % 2 ** 22);
	}

	/** @param {Filter} filter @returns {number[]} nodes, best match first */
	find(filter) {
		const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
		const buckets = [];
		const accepts = this.acceptor(filter);
		for (const node of this.order) {
			if (!accepts(node))
				continue;
			const score = this.scoreAll(node, words);
			if (score < NO_MATCH)
				(buckets[score] ??= []).push(node);
		}
		return buckets.flat();
	}

	/** A predicate for entries that pass the filter, whatever their names are. */
	acceptor(filter) {
		const report = this.report;
		const kind = report.words.kinds.indexOf(filter.kind);
		const wanted = report.words.classes.indexOf(filter.class);
		const reason = report.words.reasons.findIndex(([code]) => code === filter.reason);
		const files = filter.file ? matchingFiles(report, filter.file.toLowerCase()) : null;
		return (node) => (!filter.own || report.own[node]) && (kind < 0 || report.kinds[node] === kind) &&
			(wanted < 0 || report.classes[node] === wanted) && (reason < 0 || report.reasons[node] === reason) &&
			(!files || files.has(report.files[node]));
	}

	scoreAll(node, words) {
		let score = 0;
		for (const word of words) {
			const one = /[/:]/.test(word) ? this.scorePath(node, word) : scoreName(this.lower[node], word);
			if (one === NO_MATCH)
				return NO_MATCH;
			score += one;
		}
		return score;
	}

	/** A word with a slash or a colon is compared with the id. */
	scorePath(node, word) {
		return this.report.id(node).toLowerCase().includes(word) ? 3 : NO_MATCH;
	}
}

/** The numbers of the files whose path contains the text. */
function matchingFiles(report, text) {
	const found = new Set(), seen = new Set();
	for (const file of report.files) {
		if (seen.has(file))
			continue;
		seen.add(file);
		if (report.strings[file].toLowerCase().includes(text))
			found.add(file);
	}
	return found;
}

/** How well a name matches a word: 0 is best, NO_MATCH means not at all. Both are in lower case. */
export function scoreName(name, word) {
	const at = name.indexOf(word);
	if (at === 0)
		return name.length === word.length ? 0 : 1;
	if (at > 0)
		return startsWord(name, word, at) ? 2 : 3;
	return word.length >= 3 && hasInOrder(name, word) ? 4 : NO_MATCH;
}

/** True if the word is at the beginning of a part of the name. */
function startsWord(name, word, at) {
	for (; at > 0; at = name.indexOf(word, at + 1))
		if (name[at - 1] === '_' || name[at - 1] === '.')
			return true;
	return false;
}

/**
 * True if the letters occur in that order, starting with the first letter of a part of the name.
 */
function hasInOrder(name, word) {
	let next = 0;
	for (let i = 0; i < name.length && next < word.length; i++)
		if (name[i] === word[next] && (next > 0 || i === 0 || name[i - 1] === '_' || name[i - 1] === '.'))
			next++;
	return next === word.length;
}
