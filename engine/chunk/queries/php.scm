(namespace_definition name: (_) @name body: (_) @body) @def.namespace
(class_declaration name: (name) @name body: (_) @body) @def.class
(interface_declaration name: (name) @name body: (_) @body) @def.interface
(trait_declaration name: (name) @name body: (_) @body) @def.trait
(enum_declaration name: (name) @name body: (_) @body) @def.enum
(method_declaration name: (name) @name body: (_) @body) @def.method
(method_declaration name: (name) @name !body) @def.method
(function_definition name: (name) @name body: (_) @body) @def.function
(program (const_declaration (const_element . (name) @name)) @def.const)
(comment) @comment
(namespace_definition !body) @import
(namespace_use_declaration) @import
(require_once_expression) @import
(require_expression) @import
(include_expression) @import
(return_statement) @outcome
(expression_statement (throw_expression)) @outcome
(expression_statement (yield_expression)) @outcome
(expression_statement) @stmt
(function_call_expression) @callee
(member_call_expression) @callee
(scoped_call_expression) @callee
(object_creation_expression) @callee
(heredoc) @string
(nowdoc) @string
(encapsed_string) @string
(string) @string
