(pair key: (_) @key) @pair
(comment) @comment
