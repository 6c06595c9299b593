(abstract_class_declaration name: (type_identifier) @name body: (class_body) @body) @def.class
(interface_declaration name: (_) @name body: (_) @body) @def.interface
(type_alias_declaration name: (_) @name) @def.type
(enum_declaration name: (_) @name body: (_) @body) @def.enum
(internal_module name: (_) @name body: (_) @body) @def.namespace
(module name: (_) @name body: (_) @body) @def.namespace
(function_signature name: (_) @name) @def.function
(abstract_method_signature name: (_) @name) @def.method
(decorator) @attr
(ambient_declaration) @wrap
(function_declaration name: (identifier) @name body: (_) @body) @def.function
(generator_function_declaration name: (identifier) @name body: (_) @body) @def.function
(export_statement "default" value: [(function_expression body: (_) @body) (arrow_function body: (_) @body)] @def.function)
(export_statement "default" value: (class body: (_) @body) @def.class)
(export_statement "default" value: (object) @body) @def.object
(class_declaration name: (type_identifier) @name body: (class_body) @body) @def.class
(method_definition name: (_) @name body: (_) @body) @def.method
(public_field_definition name: (_) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @def.method
(lexical_declaration . (variable_declarator name: (identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)])) @def.function
(variable_declaration . (variable_declarator name: (identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)])) @def.function
(lexical_declaration . (variable_declarator name: (identifier) @name value: (class body: (_) @body))) @def.class
(lexical_declaration . (variable_declarator name: (identifier) @name value: (object) @body)) @def.object
(variable_declaration . (variable_declarator name: (identifier) @name value: (object) @body)) @def.object
(expression_statement (assignment_expression left: [(identifier) (member_expression)] @name right: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)])) @def.function
(expression_statement (assignment_expression left: (member_expression) @name right: (class body: (_) @body))) @def.class
(expression_statement (assignment_expression left: (member_expression) @name right: (object) @body)) @def.object
(pair key: (_) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @def.method
(pair key: (_) @name value: (object) @body) @def.entry
(program [(lexical_declaration . (variable_declarator name: (identifier) @name)) (variable_declaration . (variable_declarator name: (identifier) @name))] @def.const)
(program (export_statement declaration: (lexical_declaration . (variable_declarator name: (identifier) @name)) @def.const))
(export_statement) @wrap
(arrow_function body: [(call_expression) (identifier) (binary_expression) (member_expression) (ternary_expression) (template_string) (parenthesized_expression) (string) (array) (unary_expression) (await_expression)] @outcome)
(expression_statement (call_expression function: [(identifier) @_test (member_expression . (identifier) @_test) (call_expression function: (member_expression . (identifier) @_test))]
    arguments: (arguments . [(string) (template_string)] @name [(arrow_function body: (_) @body) (function_expression body: (_) @body)]))
  (#any-of? @_test "describe" "suite" "context" "fdescribe" "xdescribe")) @def.suite
(expression_statement (call_expression function: [(identifier) @_test (member_expression . (identifier) @_test) (call_expression function: (member_expression . (identifier) @_test))]
    arguments: (arguments . [(string) (template_string)] @name [(arrow_function body: (_) @body) (function_expression body: (_) @body)]))
  (#any-of? @_test "it" "test" "specify" "fit" "xit" "xtest" "bench")) @def.test
(expression_statement (call_expression function: (identifier) @name
    arguments: (arguments . [(arrow_function body: (_) @body) (function_expression body: (_) @body)]))
  (#any-of? @name "beforeEach" "afterEach" "beforeAll" "afterAll" "before" "after" "setup" "teardown")) @def.fixture
(comment) @comment
(hash_bang_line) @comment
(import_statement) @import
(lexical_declaration (variable_declarator value: (call_expression function: (identifier) @_require)) (#eq? @_require "require")) @import
(variable_declaration (variable_declarator value: (call_expression function: (identifier) @_require)) (#eq? @_require "require")) @import
(export_statement source: (string)) @import
(return_statement) @outcome
(throw_statement) @outcome
(expression_statement (yield_expression)) @outcome
(expression_statement) @stmt
(lexical_declaration) @stmt
(variable_declaration) @stmt
(call_expression function: [(identifier) (member_expression)] @callee)
(new_expression constructor: (identifier) @callee)
(template_string) @string
