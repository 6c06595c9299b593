(function_definition name: (identifier) @name body: (block) @body) @def.function
(class_definition name: (identifier) @name body: (block) @body) @def.class
(decorated_definition) @wrap
(module . (comment)* . (expression_statement . (string) @doc))
(block . (comment)* . (expression_statement . (string) @doc))
(comment) @comment
(import_statement) @import
(import_from_statement) @import
(future_import_statement) @import
(return_statement) @outcome
(raise_statement) @outcome
(expression_statement (yield)) @outcome
(assert_statement) @assert
(expression_statement) @stmt
(call function: [(identifier) (attribute)] @callee)
(string) @string
(module (expression_statement (assignment left: (identifier) @name)) @def.const)
(module (if_statement condition: (comparison_operator) @name) @def.demo
  (#match? @name "__name__"))
