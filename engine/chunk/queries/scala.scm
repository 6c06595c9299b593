(class_definition name: (identifier) @name body: (_) @body) @def.class
(class_definition name: (identifier) @name) @def.class
(object_definition name: (identifier) @name body: (_) @body) @def.class
(object_definition name: (identifier) @name) @def.class
(trait_definition name: (identifier) @name body: (_) @body) @def.trait
(trait_definition name: (identifier) @name) @def.trait
(enum_definition name: (identifier) @name body: (_) @body) @def.enum
(function_definition name: (_) @name body: (_) @body) @def.function
(function_declaration name: (_) @name) @def.function
(type_definition name: (_) @name) @def.type
(compilation_unit (val_definition pattern: (identifier) @name) @def.const)
(call_expression function: (call_expression function: (identifier) @_test arguments: (arguments (string) @name)) arguments: (block) @body (#any-of? @_test "test" "it" "property")) @def.test
(comment) @comment
(block_comment) @comment
(package_clause) @import
(import_declaration) @import
(return_expression) @outcome
(throw_expression) @outcome
(block (call_expression) @stmt)
(block (val_definition) @stmt)
(call_expression function: [(identifier) (field_expression)] @callee)
(string) @string
