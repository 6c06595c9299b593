(pair . [(bare_key) (dotted_key) (quoted_key)] @key) @pair
(table . "[" . (_) @key) @pair
(table_array_element . "[[" . (_) @key) @pair
(comment) @comment
(string) @string
