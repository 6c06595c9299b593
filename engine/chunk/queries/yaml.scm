(block_mapping_pair key: (_) @key) @pair
(flow_pair key: (_) @key) @pair
(document (block_node (block_sequence (block_sequence_item) @item)))
(comment) @comment
(block_scalar) @string
