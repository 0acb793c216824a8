// SPDX-License-Identifier: GPL-2.0-only
/** The members of a struct or union as a table: place, type, class and users. */
import { classBadge, el } from './dom.js';

/** The uses of a member, counted as in the question `uses`. */
export function useCounts(report, node) {
	const counts = { inside: 0, outside: 0, read: 0, write: 0, 'read-write': 0, address: 0 };
	for (const edge of report.edgesTo(node)) {
		const kind = report.edgeKind(edge);
		if (!report.isUse(edge))
			continue;
		counts[report.own[report.from[edge]] ? 'inside' : 'outside']++;
		if (kind in counts)
			counts[kind]++;
	}
	return counts;
}

function place({ offset, width }) {
	const byte = Math.floor(offset / 8);
	return width ? `${byte}, bit ${offset % 8}, ${width} wide` : offset % 8 ? `${byte}, bit ${offset % 8}` : String(byte);
}

/** The names of the functions that use a member, those outside first. */
function users(report, node, link) {
	const seen = new Set();
	for (const edge of report.edgesTo(node))
		if (report.isUse(edge))
			seen.add(report.from[edge]);
	const all = [...seen].sort((l, r) => report.own[l] - report.own[r] || (report.name(l) < report.name(r) ? -1 : 1));
	return el('ul', { class: 'users' }, all.map((user) => el('li', {}, link(user),
		report.own[user] ? null : el('span', { class: 'tag' }, 'outside'))));
}

function row(report, node, link) {
	const counts = useCounts(report, node), total = counts.inside + counts.outside;
	const reason = report.reason(node);
	const details = el('details', {}, el('summary', {}, 'who'));
	// create the names only on demand: a struct may have a thousand
	details.addEventListener('toggle', () => details.children.length > 1 || details.append(users(report, node, link)));
	return el('tr', { 'data-member': report.id(node) },
		el('td', { class: 'number' }, place(report.member(node))),
		el('th', { scope: 'row' }, link(node, report.name(node).split('.').slice(1).join('.') || report.name(node))),
		el('td', { class: 'type' }, report.type(node)),
		el('td', { class: 'nowrap' }, classBadge(report.className(node)), reason ? el('span', { class: 'small' }, ` ${reason[0]}`) : null),
		el('td', { class: 'number' }, counts.inside), el('td', { class: 'number' }, counts.outside),
		el('td', { class: 'number' }, counts.read), el('td', { class: 'number' }, counts.write),
		el('td', { class: 'number' }, counts['read-write']), el('td', { class: 'number' }, counts.address),
		el('td', {}, total ? details : null));
}

export function memberTable(report, node, link) {
	const members = report.membersOf(node), { size, align } = report.record(node);
	const mayChange = report.className(node) === 'internal';
	const head = (text, title, isNumber = true) => el('th', { scope: 'col', class: isNumber ? 'number' : null, title }, text);
	return el('section', { class: 'card', id: 'members', 'aria-labelledby': 'members-title' },
		el('h2', { id: 'members-title' }, 'Members'),
		el('p', { class: 'note' }, el('strong', {}, mayChange ? 'The layout may change. ' : 'The layout must stay as it is. '),
			`${size.toLocaleString('en')} bytes, aligned to ${align}. The report has ${members.length.toLocaleString('en')} of its members: ` +
			'those that the scheduler or its neighbours use.'),
		el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-labelledby': 'members-title' }, el('table', {},
			el('thead', {}, el('tr', {}, head('Byte', 'Offset in the record'), head('Member', null, false), head('Type', null, false),
				head('Class', null, false), head('Inside', 'Uses in the scheduler’s files'), head('Outside', 'Uses elsewhere'), head('Read'),
				head('Written'), head('Both', 'Read and written'), head('Address', 'Address taken'), head('Used by', null, false))),
			el('tbody', {}, members.map((member) => row(report, member, link))))));
}
