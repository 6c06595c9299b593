(module name: (_) @name body: (_) @body) @def.module
(class name: (_) @name body: (_) @body) @def.class
(class name: (_) @name !body) @def.class
(method name: (_) @name body: (_) @body) @def.method
(method name: (_) @name !body) @def.method
(singleton_method name: (_) @name body: (_) @body) @def.method
(singleton_method name: (_) @name !body) @def.method
(call method: (identifier) @_test arguments: (argument_list . (_) @name) block: (do_block body: (_) @body)
  (#any-of? @_test "describe" "context" "feature" "shared_examples")) @def.suite
(call method: (identifier) @_test arguments: (argument_list . (string) @name) block: (do_block body: (_) @body)
  (#any-of? @_test "it" "specify" "test" "scenario")) @def.test
(call method: (identifier) @name block: (do_block body: (_) @body)
  (#any-of? @name "before" "after" "around" "setup" "teardown")) @def.fixture
(program (assignment left: (constant) @name) @def.const)
(comment) @comment
(call method: (identifier) @_require (#any-of? @_require "require" "require_relative" "load" "autoload")) @import
(return) @outcome
(yield) @outcome
(call method: (identifier) @_raise (#any-of? @_raise "raise" "fail")) @outcome
(body_statement (call) @stmt)
(body_statement (assignment) @stmt)
(call) @callee
(heredoc_body) @string
(string) @string
