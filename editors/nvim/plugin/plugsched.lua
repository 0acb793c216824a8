-- SPDX-License-Identifier: GPL-2.0-only
-- Commands that exist as soon as the plugin is in 'runtimepath'. require("plugsched").setup()
-- starts the server.
local function command(name, action, help)
	vim.api.nvim_create_user_command(name, function(arguments)
		require("plugsched")[action](arguments)
	end, { desc = help })
end

command("PlugschedHover", "hover", "What the report says of the word under the cursor")
command("PlugschedDefinition", "definition", "Go to where the report has it")
command("PlugschedReferences", "references", "All uses in the report, in the quickfix list")
command("PlugschedCallers", "callers", "Who calls it, or may call it, in the quickfix list")
command("PlugschedCallees", "callees", "What it calls, or may call, in the quickfix list")
command("PlugschedHints", "toggle_hints", "Show or hide the marks at calls and members")
