(function_declaration name: (identifier) @name body: (block) @body) @def.function
(function_declaration name: (identifier) @name !body) @def.function
(method_declaration receiver: (parameter_list (parameter_declaration type: [(type_identifier) @scope (pointer_type (type_identifier) @scope) (generic_type type: (type_identifier) @scope) (pointer_type (generic_type type: (type_identifier) @scope))])) name: (field_identifier) @name body: (block) @body) @def.method
(type_declaration . (type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body))) @def.struct
(type_declaration . (type_spec name: (type_identifier) @name type: (interface_type) @body)) @def.interface
(type_declaration . (type_spec name: (type_identifier) @name)) @def.type
(type_declaration . (type_alias name: (type_identifier) @name)) @def.type
(source_file (const_declaration (const_spec name: (identifier) @name)) @def.const)
(source_file (var_declaration (var_spec name: (identifier) @name)) @def.const)
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name))) @def.const)
(comment) @comment
(package_clause) @import @documented
(import_declaration) @import
(return_statement) @outcome
(expression_statement) @stmt
(short_var_declaration) @stmt
(assignment_statement) @stmt
(call_expression function: [(identifier) (selector_expression)] @callee)
(raw_string_literal) @string
(func_literal body: (block) @nested)
