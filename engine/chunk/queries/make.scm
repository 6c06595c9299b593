(rule (targets) @name) @def.rule
(define_directive name: (word) @name) @def.function
(makefile (variable_assignment name: (word) @name) @def.const)
(comment) @comment
(include_directive) @import
