-- SPDX-License-Identifier: GPL-2.0-only
-- Does in Neovim what a person would do. editor.py runs this script, passes it the actions in the
-- JSON file PLUGSCHED_TEST, and reads what was seen from the file that is named there.
local plan = vim.fn.json_decode(vim.fn.readfile(vim.env.PLUGSCHED_TEST))
local seen = {}

local function wait(what, ready, seconds)
	if not vim.wait((seconds or 600) * 1000, ready, 20) then
		error("waited in vain for " .. what)
	end
end

local function go(place)
	if vim.api.nvim_buf_get_name(0) ~= place.file then
		vim.cmd("edit " .. vim.fn.fnameescape(place.file))
	end
	vim.api.nvim_win_set_cursor(0, { place.line, place.column })
end

local function floats()
	local found = {}
	for _, window in ipairs(vim.api.nvim_list_wins()) do
		if vim.api.nvim_win_get_config(window).relative ~= "" then
			table.insert(found, window)
		end
	end
	return found
end

local function hover(place)
	go(place)
	vim.cmd("PlugschedHover")
	wait("the hover of " .. place.word, function()
		return #floats() > 0
	end)
	local window = floats()[1]
	local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true)
	vim.api.nvim_win_close(window, true)
	return table.concat(lines, "\n")
end

-- The quickfix list that `action` produces, as a list of {file, line, text}.
local function quickfix(what, action)
	vim.fn.setqflist({}, "f")
	action()
	wait(what, function()
		return #vim.fn.getqflist() > 0
	end)
	local items = {}
	for _, item in ipairs(vim.fn.getqflist()) do
		table.insert(items, { vim.api.nvim_buf_get_name(item.bufnr), item.lnum, item.text })
	end
	vim.cmd("cclose")
	return items
end

local function definition(place, action)
	go(place)
	local before = { vim.api.nvim_buf_get_name(0), vim.api.nvim_win_get_cursor(0)[1] }
	action()
	wait("the definition of " .. place.word, function()
		return vim.api.nvim_win_get_cursor(0)[1] ~= before[2] or vim.api.nvim_buf_get_name(0) ~= before[1]
	end)
	return { vim.api.nvim_buf_get_name(0), vim.api.nvim_win_get_cursor(0)[1], vim.fn.expand("<cword>") }
end

local function lenses()
	go(plan.interface)
	wait("code lenses", function()
		return #vim.lsp.codelens.get(0) > 0
	end)
	local found = {}
	for _, lens in ipairs(vim.lsp.codelens.get(0)) do
		table.insert(found, { lens.range.start.line + 1, lens.command.title })
	end
	return found
end

local function diagnostics()
	local found = {}
	for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
		table.insert(found, { diagnostic.lnum + 1, diagnostic.col, diagnostic.code or diagnostic.user_data.lsp.code,
			diagnostic.source, diagnostic.message })
	end
	return found
end

-- Changes the signature of an interface function in the buffer, records what is
-- shown, and reverts the change.
local function edit(place)
	go(place)
	local line = vim.api.nvim_get_current_line()
	vim.api.nvim_set_current_line(place.text)
	wait("a diagnostic", function()
		return #vim.diagnostic.get(0) > 0
	end, 120)
	local found = diagnostics()
	vim.api.nvim_set_current_line(line)
	wait("the diagnostic to go", function()
		return #vim.diagnostic.get(0) == 0
	end, 120)
	return found
end

-- With clangd attached to the same buffer: both servers are asked at once.
local function beside_clangd()
	go(plan.interface)
	local id = vim.lsp.start_client({ name = "clangd", cmd = plan.clangd, root_dir = vim.fn.fnamemodify(plan.interface.file, ":h") })
	vim.lsp.buf_attach_client(0, id)
	local answers, encodings = {}, {}
	wait("clangd", function()
		return vim.lsp.buf_get_clients(0)[id] ~= nil
	end)
	for _, client in pairs(vim.lsp.buf_get_clients(0)) do
		encodings[client.name] = client.offset_encoding
	end
	for number, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/hover", vim.lsp.util.make_position_params(), 120000) or {}) do
		answers[vim.lsp.get_client_by_id(number).name] = answer.result and answer.result.contents.value
	end
	vim.lsp.stop_client(id)
	return { answers = answers, encodings = encodings }
end

local function run()
	vim.cmd("filetype on")
	vim.g.c_syntax_for_h = 1
	require("plugsched").setup({ cmd = plan.cmd, report = plan.report })
	go(plan.interface)
	wait("the server", function()
		return #vim.tbl_values(vim.lsp.buf_get_clients(0)) > 0
	end)
	seen.root = vim.tbl_values(vim.lsp.buf_get_clients(0))[1].config.root_dir
	seen.hovers = {}
	for _, place in ipairs(plan.hovers) do
		table.insert(seen.hovers, hover(place))
	end
	seen.lenses = lenses()
	go(plan.interface)
	seen.lens_run = quickfix("the lens's command", vim.lsp.codelens.run)
	seen.definition = definition(plan.call, vim.lsp.buf.definition)
	seen.own_definition = definition(plan.call, function()
		vim.cmd("PlugschedDefinition")
	end)
	go(plan.interface)
	seen.references = quickfix("references", function()
		vim.lsp.buf.references({ includeDeclaration = false })
	end)
	go(plan.interface)
	seen.own_references = quickfix("this server's references", function()
		vim.cmd("PlugschedReferences")
	end)
	go(plan.interface)
	seen.callers = quickfix("callers", function()
		vim.cmd("PlugschedCallers")
	end)
	go(plan.indirect)
	seen.indirect_callers = quickfix("indirect callers", function()
		vim.cmd("PlugschedCallers")
	end)
	go(plan.interface)
	seen.incoming = quickfix("incoming calls", vim.lsp.buf.incoming_calls)
	go(plan.interface)
	seen.callees = quickfix("callees", function()
		vim.cmd("PlugschedCallees")
	end)
	go(plan.interface)
	seen.symbols = quickfix("symbols", vim.lsp.buf.document_symbol)
	seen.workspace = quickfix("workspace symbols", function()
		vim.lsp.buf.workspace_symbol("update_curr")
	end)
	go(plan.marked)
	require("plugsched").refresh_hints()
	local namespace = vim.api.nvim_get_namespaces()["plugsched-hints"]
	wait("hints", function()
		return #vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, {}) > 0
	end)
	seen.hints = {}
	for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
		table.insert(seen.hints, { mark[2] + 1, mark[4].virt_text[1][1] })
	end
	seen.seen_lines = { vim.fn.line("w0"), vim.fn.line("w$") }
	vim.cmd("PlugschedHints")
	seen.hints_off = #vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, {})
	if plan.edit then
		seen.diagnostics = edit(plan.edit)
	end
	if plan.clangd then
		seen.beside = beside_clangd()
	end
end

local is_good, fault = xpcall(run, debug.traceback)
if not is_good then
	seen.fault = fault
end
vim.fn.writefile({ vim.fn.json_encode(seen) }, plan.out)
vim.cmd("qall!")
