(function_definition name: (word) @name body: (_) @body) @def.function
(program (variable_assignment name: (variable_name) @name) @def.const)
(comment) @comment
(command name: (command_name (word) @_source) (#any-of? @_source "source" "." "load")) @import
(command name: (command_name (word) @_return) (#any-of? @_return "return" "exit" "die")) @outcome
(command) @stmt
(command name: (command_name (word) @callee))
(heredoc_body) @string
(string) @string
(raw_string) @string
