(function_definition declarator: [
  (function_declarator declarator: (_) @name)
  (pointer_declarator declarator: (function_declarator declarator: (_) @name))
  (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (_) @name)))
  (reference_declarator (function_declarator declarator: (_) @name))
  (operator_cast) @name
  (parenthesized_declarator (function_declarator declarator: (_) @name))] body: (_) @body) @def.function
(struct_specifier name: (_) @name body: (_) @body) @def.struct
(class_specifier name: (_) @name body: (_) @body) @def.class
(namespace_definition name: (_) @name body: (_) @body) @def.namespace
(namespace_definition !name body: (_) @body) @def.namespace
(alias_declaration name: (type_identifier) @name) @def.type
(template_declaration) @wrap
(using_declaration) @import
(throw_statement) @outcome
(co_return_statement) @outcome
(raw_string_literal) @string
(union_specifier name: (type_identifier) @name body: (_) @body) @def.struct
(enum_specifier name: (type_identifier) @name body: (_) @body) @def.enum
(type_definition declarator: (type_identifier) @name) @def.type
(preproc_function_def name: (identifier) @name) @def.type
(preproc_def name: (identifier) @name) @def.const
(translation_unit (declaration declarator: (init_declarator declarator: (_) @name)) @def.const)
(comment) @comment
(preproc_include) @import
(return_statement) @outcome
(expression_statement) @stmt
(declaration) @stmt
(call_expression function: [(identifier) (field_expression) (qualified_identifier)] @callee)
(string_literal) @string
