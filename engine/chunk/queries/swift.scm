(class_declaration "class" name: (_) @name body: (_) @body) @def.class
(class_declaration "struct" name: (_) @name body: (_) @body) @def.struct
(class_declaration "enum" name: (_) @name body: (_) @body) @def.enum
(class_declaration "extension" name: (_) @name body: (_) @body) @def.impl
(class_declaration "actor" name: (_) @name body: (_) @body) @def.class
(protocol_declaration name: (_) @name body: (_) @body) @def.interface
(protocol_function_declaration name: (_) @name) @def.method
(function_declaration name: (_) @name body: (_) @body) @def.function
(init_declaration "init" @name body: (_) @body) @def.method
(typealias_declaration name: (_) @name) @def.type
(source_file (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @def.const)
(comment) @comment
(multiline_comment) @comment
(import_declaration) @import
(control_transfer_statement) @outcome
(statements (call_expression) @stmt)
(statements (property_declaration) @stmt)
(call_expression . [(simple_identifier) (navigation_expression)] @callee)
(multi_line_string_literal) @string
