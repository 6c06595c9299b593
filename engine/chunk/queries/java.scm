(class_declaration name: (identifier) @name body: (_) @body) @def.class
(record_declaration name: (identifier) @name body: (_) @body) @def.class
(interface_declaration name: (identifier) @name body: (_) @body) @def.interface
(annotation_type_declaration name: (identifier) @name body: (_) @body) @def.interface
(enum_declaration name: (identifier) @name body: (_) @body) @def.enum
(method_declaration name: (identifier) @name body: (block) @body) @def.method
(method_declaration name: (identifier) @name !body) @def.method
(constructor_declaration name: (identifier) @name body: (_) @body) @def.method
(compact_constructor_declaration name: (identifier) @name body: (_) @body) @def.method
(line_comment) @comment
(block_comment) @comment
(package_declaration) @import
(import_declaration) @import
(module_declaration) @def.module
(return_statement) @outcome
(throw_statement) @outcome
(yield_statement) @outcome
(assert_statement) @assert
(expression_statement) @stmt
(local_variable_declaration) @stmt
(method_invocation) @callee
(object_creation_expression) @callee
(string_literal) @string
