(function_item name: (identifier) @name body: (block) @body) @def.function
(function_signature_item name: (identifier) @name) @def.function
(struct_item name: (type_identifier) @name) @def.struct
(union_item name: (type_identifier) @name) @def.struct
(enum_item name: (type_identifier) @name body: (_) @body) @def.enum
(trait_item name: (type_identifier) @name body: (_) @body) @def.trait
(impl_item type: [(type_identifier) @name (generic_type type: (_) @name) (scoped_type_identifier) @name (reference_type (type_identifier) @name)] body: (_) @body) @def.impl
(mod_item name: (identifier) @name body: (declaration_list) @body) @def.module
(macro_definition name: (identifier) @name . (macro_rule) @body) @def.function
(type_item name: (type_identifier) @name) @def.type
(const_item name: (identifier) @name) @def.const
(static_item name: (identifier) @name) @def.const
(attribute_item) @attr
(line_comment) @comment
(block_comment) @comment
(use_declaration) @import
(extern_crate_declaration) @import
(mod_item !body) @import
(return_expression) @outcome
(function_item body: (block (_expression) @outcome .))
(macro_invocation macro: (identifier) @_assert (#match? @_assert "^(debug_)?assert")) @assert
(expression_statement [(call_expression) (try_expression) (macro_invocation) (assignment_expression) (await_expression)]) @stmt
(let_declaration) @stmt
(call_expression function: [(identifier) (scoped_identifier) (field_expression)] @callee)
(string_literal) @string
(raw_string_literal) @string
