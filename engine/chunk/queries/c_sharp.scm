(namespace_declaration name: (_) @name body: (_) @body) @def.namespace
(class_declaration name: (identifier) @name body: (_) @body) @def.class
(struct_declaration name: (identifier) @name body: (_) @body) @def.struct
(interface_declaration name: (identifier) @name body: (_) @body) @def.interface
(enum_declaration name: (identifier) @name body: (_) @body) @def.enum
(record_declaration name: (identifier) @name) @def.class
(delegate_declaration name: (identifier) @name) @def.type
(method_declaration name: (identifier) @name body: (_) @body) @def.method
(method_declaration name: (identifier) @name !body) @def.method
(constructor_declaration name: (identifier) @name body: (_) @body) @def.method
(operator_declaration body: (_) @body) @def.method
(local_function_statement name: (identifier) @name body: (_) @body) @def.function
(comment) @comment
(using_directive) @import
(return_statement) @outcome
(throw_statement) @outcome
(yield_statement) @outcome
(arrow_expression_clause) @outcome
(expression_statement) @stmt
(local_declaration_statement) @stmt
(invocation_expression function: [(identifier) (member_access_expression)] @callee)
(object_creation_expression) @callee
(verbatim_string_literal) @string
(raw_string_literal) @string
