(function_declaration name: (_) @name body: (_) @body) @def.function
(function_declaration name: (_) @name !body) @def.function
(variable_declaration (assignment_statement (variable_list . name: (_) @name) (expression_list . value: (function_definition body: (_) @body)))) @def.function
(chunk (assignment_statement (variable_list . name: (_) @name) (expression_list . value: (function_definition body: (_) @body))) @def.function)
(chunk local_declaration: (variable_declaration (assignment_statement (variable_list . name: (identifier) @name))) @def.const)
(comment) @comment
(hash_bang_line) @comment
(variable_declaration (assignment_statement (expression_list value: (function_call name: (identifier) @_require))) (#eq? @_require "require")) @import
(return_statement) @outcome
(block (function_call) @stmt)
(function_call name: [(identifier) (dot_index_expression) (method_index_expression)] @callee)
(string) @string
