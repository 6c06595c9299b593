(block . (identifier) @key . [(string_lit) (identifier)]? @key . [(string_lit) (identifier)]? @key) @pair
(attribute . (identifier) @key) @pair
(comment) @comment
(heredoc_template) @string
