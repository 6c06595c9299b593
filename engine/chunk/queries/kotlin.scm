(class_declaration name: (identifier) @name (class_body) @body) @def.class
(class_declaration name: (identifier) @name (enum_class_body) @body) @def.enum
(class_declaration name: (identifier) @name) @def.class
(object_declaration name: (identifier) @name (class_body) @body) @def.class
(companion_object "companion" @name (class_body) @body) @def.class
(function_declaration name: (identifier) @name (function_body) @body) @def.function
(function_declaration name: (identifier) @name) @def.function
(secondary_constructor) @def.method
(type_alias) @def.type
(source_file (property_declaration (variable_declaration (identifier) @name)) @def.const)
(line_comment) @comment
(block_comment) @comment
(package_header) @import
(import) @import
(return_expression) @outcome
(throw_expression) @outcome
(block (call_expression) @stmt)
(block (property_declaration) @stmt)
(block (assignment) @stmt)
(call_expression . [(identifier) (navigation_expression)] @callee)
(multiline_string_literal) @string
