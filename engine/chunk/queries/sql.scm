(statement (create_table (object_reference) @name)) @def.table
(statement (create_view (object_reference) @name)) @def.table
(statement (create_materialized_view (object_reference) @name)) @def.table
(statement (create_function (object_reference) @name)) @def.function
(program (statement [(create_index) (alter_table) (insert) (update) (delete) (select)]) @def.statement)
(comment) @comment
(marginalia) @comment
(literal) @string
