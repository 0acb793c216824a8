-- SPDX-License-Identifier: GPL-2.0-only
-- plugsched-lsp in Neovim 0.7 and later.
--
--     require("plugsched").setup({})
--
-- attaches it to C files of extracted folders and of kernel trees that have a report. Nothing of
-- Neovim's own client is replaced: K, gd and the rest work as with any server. The :Plugsched
-- commands query this server only, whatever else is attached.
local M = {}

local defaults = {
	cmd = { "plugsched-lsp" }, -- the server and its options
	report = nil,              -- path of the report; nil: boundary.json in the tree
	kernel = nil,              -- the kernel that was analysed; nil: the server finds it
	-- true: K, gd and references go to other servers only; use the commands for this one
	beside_clangd = false,
	lens = true,               -- lines above functions
	hints = true,              -- marks at calls and members
}

local options = defaults
local namespace = vim.api.nvim_create_namespace("plugsched-hints")
local NAME = "plugsched"

local function exists(...)
	return vim.loop.fs_stat(table.concat({ ... }, "/")) ~= nil
end

-- The root of the tree that contains a file, if the server works in trees of its kind and there is
-- a report; else nil.
local function find_root(path)
	local folder = vim.fn.fnamemodify(path, ":p:h")
	while folder ~= "" do
		local is_extracted = exists(folder, "EXTRACTED.md") and exists(folder, "Makefile")
		local is_kernel = exists(folder, "Kbuild") and exists(folder, "kernel/sched")
		if is_extracted or (is_kernel and (options.report or exists(folder, "boundary.json"))) then
			return folder
		end
		local parent = vim.fn.fnamemodify(folder, ":h")
		if parent == folder then
			return nil
		end
		folder = parent
	end
end

-- The server's client of a buffer; prints a message if there is none.
local function client_of(buffer, is_quiet)
	for _, client in pairs(vim.lsp.buf_get_clients and vim.lsp.buf_get_clients(buffer) or vim.lsp.get_clients({ bufnr = buffer })) do
		if client.name == NAME then
			return client
		end
	end
	if not is_quiet then
		vim.notify("plugsched: the server is not attached to this buffer", vim.log.levels.WARN)
	end
end

-- Sends a request about the cursor; `done` gets a result that is not empty.
local function ask(method, more, done)
	local buffer = vim.api.nvim_get_current_buf()
	local client = client_of(buffer)
	if not client then
		return
	end
	local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
	local function answer(fault, result)
		if fault then
			vim.notify("plugsched: " .. fault.message, vim.log.levels.ERROR)
		elseif not result or vim.tbl_isempty(result) then
			vim.notify("plugsched: the report has nothing on this", vim.log.levels.INFO)
		else
			done(result, client)
		end
	end
	if vim.fn.has("nvim-0.11") == 1 then
		client:request(method, vim.tbl_extend("force", params, more), answer, buffer)
	else
		client.request(method, vim.tbl_extend("force", params, more), answer, buffer)
	end
end

local function quickfix(title, items)
	vim.fn.setqflist({}, " ", { title = title, items = items })
	vim.cmd("botright copen")
end

function M.hover()
	ask("textDocument/hover", {}, function(result)
		local lines = vim.lsp.util.convert_input_to_markdown_lines(result.contents)
		vim.lsp.util.open_floating_preview(lines, "markdown", { focus_id = NAME, border = "single" })
	end)
end

function M.definition()
	ask("textDocument/definition", {}, function(result, client)
		if vim.lsp.util.show_document then
			vim.lsp.util.show_document(result[1], client.offset_encoding, { focus = true })
		else
			vim.lsp.util.jump_to_location(result[1], client.offset_encoding)
		end
		if #result > 1 then
			quickfix("Definitions", vim.lsp.util.locations_to_items(result, client.offset_encoding))
		end
	end)
end

function M.references()
	ask("textDocument/references", { context = { includeDeclaration = false } }, function(result, client)
		quickfix("Uses in the report", vim.lsp.util.locations_to_items(result, client.offset_encoding))
	end)
end

-- One line for each place of each call; the server's remark about the call precedes the name.
local function calls_to_items(calls, item, is_incoming)
	local items = {}
	for _, call in ipairs(calls) do
		local other = is_incoming and call.from or call.to
		for _, range in ipairs(call.fromRanges) do
			table.insert(items, {
				filename = vim.uri_to_fname(is_incoming and other.uri or item.uri),
				lnum = range.start.line + 1,
				col = range.start.character + 1,
				text = other.name .. "  " .. other.detail,
			})
		end
	end
	return items
end

local function hierarchy(method, title, is_incoming)
	ask("textDocument/prepareCallHierarchy", {}, function(items, client)
		local function answer(_, calls)
			quickfix(title .. " " .. items[1].name, calls_to_items(calls or {}, items[1], is_incoming))
		end
		if vim.fn.has("nvim-0.11") == 1 then
			client:request(method, { item = items[1] }, answer)
		else
			client.request(method, { item = items[1] }, answer)
		end
	end)
end

function M.callers()
	hierarchy("callHierarchy/incomingCalls", "Callers of", true)
end

function M.callees()
	hierarchy("callHierarchy/outgoingCalls", "Calls of", false)
end

-- The command of a lens: shows the references of the function below it.
local function show_references(command, context)
	local client = vim.lsp.get_client_by_id(context.client_id)
	local params = {
		textDocument = { uri = command.arguments[1] },
		position = command.arguments[2],
		context = { includeDeclaration = false },
	}
	local function answer(_, result)
		quickfix("Uses in the report", vim.lsp.util.locations_to_items(result or {}, client.offset_encoding))
	end
	if vim.fn.has("nvim-0.11") == 1 then
		client:request("textDocument/references", params, answer)
	else
		client.request("textDocument/references", params, answer)
	end
end

-- Draws hints in Neovim 0.7 to 0.9, behind the visible lines; later versions draw them themselves.
local function draw_hints(buffer, hints)
	vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
	local lines = {}
	for _, hint in ipairs(hints) do
		local line = hint.position.line
		lines[line] = (lines[line] and lines[line] .. "  " or "") .. hint.label
	end
	for line, text in pairs(lines) do
		if line < vim.api.nvim_buf_line_count(buffer) then
			vim.api.nvim_buf_set_extmark(buffer, namespace, line, 0, { virt_text = { { text, "Comment" } }, hl_mode = "combine" })
		end
	end
end

function M.refresh_hints(buffer)
	buffer = buffer or vim.api.nvim_get_current_buf()
	local client = client_of(buffer, true)
	if not client or not options.hints or vim.lsp.inlay_hint then
		return
	end
	local params = {
		textDocument = { uri = vim.uri_from_bufnr(buffer) },
		range = {
			start = { line = vim.fn.line("w0") - 1, character = 0 },
			["end"] = { line = vim.fn.line("w$"), character = 0 },
		},
	}
	client.request("textDocument/inlayHint", params, function(_, hints)
		if vim.api.nvim_buf_is_valid(buffer) then
			draw_hints(buffer, hints or {})
		end
	end, buffer)
end

function M.toggle_hints()
	options.hints = not options.hints
	if vim.lsp.inlay_hint then
		vim.lsp.inlay_hint.enable(options.hints)
	elseif options.hints then
		M.refresh_hints()
	else
		vim.api.nvim_buf_clear_namespace(0, namespace, 0, -1)
	end
end

-- Leaves the requests that both servers could answer to the other servers.
local function step_aside(client)
	for _, provider in ipairs({ "hoverProvider", "definitionProvider", "referencesProvider", "documentSymbolProvider" }) do
		client.server_capabilities[provider] = false
	end
	if client.resolved_capabilities then -- Neovim 0.7
		for _, name in ipairs({ "hover", "goto_definition", "find_references", "document_symbol" }) do
			client.resolved_capabilities[name] = false
		end
	end
end

local function refresh(buffer)
	if options.lens and client_of(buffer, true) then
		vim.lsp.codelens.refresh(vim.fn.has("nvim-0.10") == 1 and { bufnr = buffer } or nil)
	end
	M.refresh_hints(buffer)
end

local function on_attach(client, buffer)
	if options.beside_clangd then
		step_aside(client)
	end
	if options.hints and vim.lsp.inlay_hint then
		vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
	end
	vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave", "BufWritePost", "CursorHold", "WinScrolled" }, {
		buffer = buffer,
		callback = function(event)
			if event.event == "WinScrolled" then
				M.refresh_hints(buffer)
			else
				refresh(buffer)
			end
		end,
	})
	refresh(buffer)
end

local clients = {} -- root: id of the client

local function attach(buffer)
	local path = vim.api.nvim_buf_get_name(buffer)
	local root = path ~= "" and find_root(path)
	if not root then
		return
	end
	if not clients[root] or not vim.lsp.get_client_by_id(clients[root]) then
		clients[root] = vim.lsp.start_client({
			name = NAME,
			cmd = options.cmd,
			root_dir = root,
			init_options = {
				report = options.report,
				kernel = options.kernel,
				showReferencesCommand = "plugsched.showReferences",
			},
			on_attach = on_attach,
		})
	end
	if clients[root] then
		vim.lsp.buf_attach_client(buffer, clients[root])
	end
end

function M.setup(given)
	options = vim.tbl_extend("force", defaults, given or {})
	if options.report then
		options.report = vim.fn.fnamemodify(options.report, ":p")
	end
	vim.lsp.commands["plugsched.showReferences"] = show_references
	local group = vim.api.nvim_create_augroup("plugsched", { clear = true })
	vim.api.nvim_create_autocmd("FileType", {
		group = group,
		pattern = { "c", "cpp" }, -- by default headers count as C++
		callback = function(event)
			attach(event.buf)
		end,
	})
	for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
		local kind = vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_option(buffer, "filetype")
		if kind == "c" or kind == "cpp" then
			attach(buffer)
		end
	end
end

return M
