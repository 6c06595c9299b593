(call target: (identifier) @_kind (arguments . (_) @name) (do_block) @body (#any-of? @_kind "defmodule" "defprotocol")) @def.class
(call target: (identifier) @_kind (arguments . (_) @name) (do_block) @body (#eq? @_kind "defimpl")) @def.impl
(call target: (identifier) @_kind (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: (call target: (identifier) @name))
    (binary_operator left: (identifier) @name)]) (do_block) @body
  (#any-of? @_kind "def" "defp" "defmacro" "defmacrop" "defguard" "defdelegate")) @def.function
(call target: (identifier) @_kind (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: (call target: (identifier) @name))])
  (#any-of? @_kind "def" "defp" "defmacro" "defmacrop" "defguard" "defdelegate" "defguardp")) @def.function
(call target: (identifier) @_kind (arguments . (string) @name) (do_block) @body (#eq? @_kind "describe")) @def.suite
(call target: (identifier) @_kind (arguments . (string) @name) (do_block) @body (#any-of? @_kind "test" "property")) @def.test
(call target: (identifier) @name (do_block) @body (#any-of? @name "setup" "setup_all")) @def.fixture
(comment) @comment
(call target: (identifier) @_import (arguments . (alias)) (#any-of? @_import "import" "alias" "require" "use")) @import
(call target: (identifier) @_raise (#any-of? @_raise "raise" "throw" "reraise")) @outcome
(unary_operator operand: (call target: (identifier) @_doc (arguments (string) @doc)) (#any-of? @_doc "doc" "moduledoc" "typedoc" "shortdoc"))
(unary_operator operand: (call target: (identifier) @_attribute) (#any-of? @_attribute "doc" "spec" "impl" "deprecated" "tag" "since")) @attr
(do_block (call) @stmt)
(call target: [(identifier) (dot)] @callee)
(string) @string
